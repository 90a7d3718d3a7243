package dev.capstan.transfer.http.move;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The connections at work, and how fast each of them is. Used by the coordinator only. */
final class Crew {
    // Where replacing helps, a few are enough; where it does not, nobody is to be asked for ever.
    private static final int REPLACED_AT_ONCE = 4;
    private static final long EARNS_ONE_MORE = 64L << 20;

    // What is done sooner than another connection would come to it is left alone.
    private static final double LEAST_SECONDS_LEFT = 2;

    private final Map<Worker, Pace> paces = new LinkedHashMap<>();
    private int replaced;
    private @Nullable Worker leaving;

    void add(Worker worker, long now) {
        paces.put(worker, new Pace(now));
    }

    void remove(Worker worker) {
        paces.remove(worker);
    }

    void sample(long now) {
        paces.forEach((worker, pace) -> pace.sample(now, worker.received()));
    }

    /** Bytes that so many of them brought, those that have been there for longest. */
    long received(int connections) {
        return paces.keySet().stream().limit(connections).mapToLong(Worker::received).sum();
    }

    /** Connections to a source. */
    int at(Source source) {
        return (int) paces.keySet().stream().filter(worker -> worker.source() == source).count();
    }

    /** Bytes a second that come from a source. */
    double speed(Source source) {
        var sum = 0.0;
        for (var entry : paces.entrySet()) {
            sum += entry.getKey().source() == source ? entry.getValue().speed() : 0;
        }
        return sum;
    }

    /** Tells the connections to a source to go. */
    void dismiss(Source source) {
        paces.keySet().stream()
                .filter(worker -> worker.source() == source)
                .forEach(Worker::dismiss);
    }

    /** Tells the one with the most before it to go, unless one is going already. */
    void makeWay() {
        leave(paces.keySet().stream().max(Comparator.comparingLong(Worker::remaining)));
    }

    /** Tells the last one behind a place to go, unless one is going already. */
    void comeNearer(long place) {
        leave(
                paces.keySet().stream()
                        .filter(worker -> worker.position() > place)
                        .max(Comparator.comparingLong(Worker::position)));
    }

    private void leave(Optional<Worker> one) {
        if (leaving != null && paces.containsKey(leaving)) {
            return;
        }
        one.ifPresent(
                worker -> {
                    leaving = worker;
                    worker.dismiss();
                });
    }

    /**
     * Tells one that is far slower than the others to go, so that a new one takes over its rest.
     *
     * @param received bytes that all brought so far
     */
    void replaceLaggard(long received) {
        if (replaced >= REPLACED_AT_ONCE + received / EARNS_ONE_MORE) {
            return;
        }
        Pace.laggard(paces)
                .filter(worker -> worker.remaining() > LEAST_SECONDS_LEFT * speed(worker))
                .ifPresent(
                        worker -> {
                            replaced++;
                            worker.dismiss();
                            paces.remove(worker);
                        });
    }

    private double speed(Worker worker) {
        var pace = paces.get(worker);
        return pace == null ? 0 : pace.speed();
    }
}
