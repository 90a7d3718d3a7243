package dev.capstan.record.provider;

import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.Playtime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One record that is being heard (E8): who listens, and where it is. Not safe for several threads;
 * {@link Sessions} lets one in at a time.
 */
final class Session {
    private final EtchedRecord record;

    /** When each was heard last, in the order they came: the first one leads. */
    private final Map<String, Instant> listeners = new LinkedHashMap<>();

    private Playtime now;

    Session(EtchedRecord record, String leader, Instant at) {
        this.record = record;
        listeners.put(leader, at);
        now = new Playtime(record.id(), 0, Duration.ZERO, at, 1, PlayOrder.STRAIGHT, leader);
    }

    EtchedRecord record() {
        return record;
    }

    Playtime now() {
        return now;
    }

    boolean has(String listener) {
        return listeners.containsKey(listener);
    }

    List<String> names() {
        return List.copyOf(listeners.keySet());
    }

    int size() {
        return listeners.size();
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    /** Gives whether that is somebody new. */
    boolean heard(String listener, Instant at) {
        return listeners.put(listener, at) == null;
    }

    /** Gives whether it was there. */
    boolean left(String listener) {
        var was = listeners.remove(listener) != null;
        lead();
        return was;
    }

    /** Gives whether somebody has gone without a word. */
    boolean forgetBefore(Instant oldest) {
        var went = listeners.values().removeIf(heard -> heard.isBefore(oldest));
        lead();
        return went;
    }

    void steer(int track, Duration position, Instant at, double rate) {
        now = new Playtime(now.record(), track, position, at, rate, now.order(), now.leader());
    }

    void order(PlayOrder order) {
        now =
                new Playtime(
                        now.record(),
                        now.track(),
                        now.position(),
                        now.at(),
                        now.rate(),
                        order,
                        now.leader());
    }

    /**
     * Goes on to the next track where one has ended, as if everybody had done so in that instant.
     *
     * @return whether another track plays, or none any more
     */
    boolean advance(Instant at) {
        var advanced = false;
        for (var left = left(at); left != null && left.isNegative(); left = left(at)) {
            var next = now.order().after(now.track(), record.tracks().size());
            if (next.isEmpty()) {
                // It stays where it ended, for whoever wants to begin anew.
                steer(now.track(), length(), at, 0);
                return true;
            }
            var ended = at.plusNanos((long) (left.toNanos() / now.rate()));
            steer(next.getAsInt(), Duration.ZERO, ended, now.rate());
            advanced = true;
        }
        return advanced;
    }

    /** What is left of a track whose length is known and that plays, else null. */
    private @Nullable Duration left(Instant at) {
        var length = record.tracks().get(now.track()).duration();
        return length == null || length.isZero() || now.rate() == 0
                ? null
                : length.minus(now.positionAt(at));
    }

    private Duration length() {
        var length = record.tracks().get(now.track()).duration();
        return length == null ? Duration.ZERO : length;
    }

    private void lead() {
        if (!listeners.isEmpty() && !listeners.containsKey(now.leader())) {
            now =
                    new Playtime(
                            now.record(),
                            now.track(),
                            now.position(),
                            now.at(),
                            now.rate(),
                            now.order(),
                            listeners.keySet().iterator().next());
        }
    }
}
