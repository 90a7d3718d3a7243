package dev.capstan.transfer.http.move;

import dev.capstan.transfer.http.move.Precedents.Precedent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many connections pay.
 *
 * <p>It begins with one and leaves it alone until it has come to its own speed. Then others are put
 * on trial: three beside one, and from four on as many as there are. They pay when the whole is
 * faster by a tenth, and stays so, than those before were and are without them; if that does not
 * come in good time, they are withdrawn, and it rests before it tries again, longer each time,
 * since links change. A new connection promises as much as each of those before it. Where a third
 * of that is there the next trial begins at once; where it does not come, the link has no more to
 * give, and it rests as well.
 *
 * <p>Where a precedent tells how many paid a while ago, so many are tried at once. They are
 * measured against what fewer brought then; if they fall short of it, it begins anew with one.
 *
 * <p>Speeds are those of looks, which last for about a round trip, of which two went by before the
 * first bytes: what comes in less tells no speed. Where the end is near, nothing is tried.
 *
 * <p>Used by one thread. Time is given to it, in nanoseconds.
 */
final class Ramp {
    private static final int FIRST_TRIAL = 4;
    private static final double WORTH = 1.1;
    private static final double GROWS = 1.25;
    private static final double LEAST_SECONDS_LEFT = 3;
    private static final long SHORTEST_LOOK = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_LOOK = TimeUnit.MILLISECONDS.toNanos(250);

    // A handshake, a request, and a slow start that shows.
    private static final int LOOKS_FOR_A_TRIAL = 12;

    // Some links are never steady.
    private static final int LOOKS_UNTIL_GROWN_UP = 20;
    private static final long FIRST_REST = TimeUnit.SECONDS.toNanos(4);
    private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(32);

    // Many servers begin with a burst. Whoever is this much slower afterwards was measured in one,
    // and what came of a trial cannot be told from it.
    private static final double WAS_A_BURST = 0.8;

    /**
     * What was received at a moment.
     *
     * @param older how much of it by those that were there before the last trial
     */
    private record Sample(long at, long bytes, long older) {}

    private final Consumer<@Nullable Precedent> found;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private @Nullable Precedent precedent;
    private long look = SHORTEST_LOOK;
    private int count = 1;
    private int before = 1;
    private double measured;
    private double baseline;
    private boolean trying;
    private boolean following;
    private boolean paid;
    private boolean refused;
    private Sample changed = new Sample(0, 0, 0);
    private double pace;
    private double paceBefore;
    private double olderPace;
    private double olderPaceBefore;
    private long steadySince;
    private long payingSince;
    private long rest;
    private long nextRest = FIRST_REST;

    /**
     * One connection.
     *
     * @param found learns how many pay, as often as that is found out; null if only one does, or if
     *     it has to be found out anew
     */
    Ramp(Consumer<@Nullable Precedent> found) {
        this.found = found;
    }

    /**
     * The first bytes arrived: measuring begins.
     *
     * @param waited how long they were waited for
     * @param last what paid a while ago, or null
     */
    void start(long now, long bytes, long waited, @Nullable Precedent last) {
        precedent = last;
        look = Math.max(SHORTEST_LOOK, Math.min(LONGEST_LOOK, waited / 2));
        begin(new Sample(now, bytes, bytes));
    }

    /**
     * Decides.
     *
     * @param now nanoseconds
     * @param bytes received by all connections since the start
     * @param older gives how much of that so many of them received, those that began first
     * @param missing bytes still to come
     * @param running connections that there are
     * @param flowing whether all of them bring bytes, so that their worth can be judged
     * @param most connections allowed
     * @return how many there shall be
     */
    int next(
            long now,
            long bytes,
            IntToLongFunction older,
            long missing,
            int running,
            boolean flowing,
            int most) {
        var sample = new Sample(now, bytes, older.applyAsLong(before));
        if (running > count) {
            // Those that were withdrawn still finish their parts, and would be measured too.
            begin(sample);
        }
        samples.addLast(sample);
        if (precedent != null) {
            follow(precedent, missing, most);
            precedent = null;
            pause(now, bytes, older);
        }
        if (now - changed.at >= look) {
            measure();
            if (trying) {
                judge(sample, running, flowing);
            }
            if (!trying && count < most && mayTry(now, missing)) {
                trying = true;
                measured = (pace + paceBefore) / 2;
                baseline = measured;
                before = count;
                count = Math.min(most, more());
                pause(now, bytes, older);
            }
        }
        return Math.min(count, most);
    }

    /** Tries at once what paid a while ago, if there is enough left to come. */
    private void follow(Precedent last, long missing, int most) {
        if (last.before() < most && missing >= LEAST_SECONDS_LEFT * last.speedBefore()) {
            trying = true;
            following = true;
            measured = last.speedBefore();
            baseline = measured;
            before = last.before();
            count = Math.min(most, last.connections());
        }
    }

    /** How many there may be next, if what is seen now stays so. */
    int mayFollow(long missing) {
        var gains = !trying || pace >= WORTH * Math.max(baseline, olderPace);
        var isOpen = gains && !refused && rest == 0 && missing >= LEAST_SECONDS_LEFT * pace;
        return isOpen ? more() : count;
    }

    private int more() {
        return Math.max(FIRST_TRIAL, 2 * count);
    }

    /** What comes is held back, so that it tells no speed: measuring begins anew. */
    void pause(long now, long bytes, IntToLongFunction older) {
        begin(new Sample(now, bytes, older.applyAsLong(before)));
    }

    /** Whether it is not clear yet that others help a single one. */
    boolean isFirstTrial() {
        return trying && before == 1;
    }

    /** The server takes no more than this many. */
    void refused(int accepted) {
        count = Math.max(1, accepted);
        trying = false;
        following = false;
        refused = true;
        found.accept(null);
    }

    /** Whether the server may take one more than there are. */
    boolean accepts(int running) {
        return !refused || running < count;
    }

    /** What it knows, for the log. */
    @Override
    public String toString() {
        return "%d connections%s, %.1f MB/s, %.1f before"
                .formatted(count, trying ? " on trial" : "", pace / 1e6, baseline / 1e6);
    }

    private void judge(Sample now, int running, boolean flowing) {
        // What those before gain by themselves is not what others bring.
        baseline = Math.max(baseline, Math.min(olderPace, olderPaceBefore));
        if (pace < WORTH * Math.max(baseline, olderPace)) {
            payingSince = now.at;
        }
        var elapsed = now.at - changed.at;
        var inTime = elapsed < (flowing ? 1 : 2) * LOOKS_FOR_A_TRIAL * look;
        // Others may keep a host's connections busy: what never ran was not found wanting.
        var hasRun = running >= count;
        if (now.at - payingSince >= look / 2) {
            trying = false;
            paid = true;
            rest = 0;
            nextRest = FIRST_REST;
            if (!following) {
                found.accept(new Precedent(count, before, baseline));
            }
            following = false;
        } else if (!inTime && following) {
            trying = false;
            following = false;
            count = 1;
            before = 1;
            begin(now);
            if (hasRun) {
                found.accept(null);
            }
        } else if (!inTime) {
            var whole = perSecond(now.bytes - changed.bytes, elapsed);
            trying = false;
            paid = false;
            if (whole < WAS_A_BURST * measured) {
                rest = 0;
            } else {
                count = before;
                begin(now);
                rest();
                if (hasRun && count == 1) {
                    found.accept(null);
                }
            }
        }
    }

    private boolean mayTry(long now, long missing) {
        var elapsed = now - changed.at;
        var settled = now - steadySince >= look / 2 || elapsed >= LOOKS_UNTIL_GROWN_UP * look;
        var promiseKept = paid && pace >= promised();
        if (paid && !promiseKept && elapsed < LOOKS_FOR_A_TRIAL * look) {
            return false;
        }
        if (paid && !promiseKept && settled) {
            paid = false;
            rest();
            rest += elapsed;
        }
        return !refused
                && (settled || promiseKept)
                && elapsed >= rest
                && missing >= LEAST_SECONDS_LEFT * pace;
    }

    private void rest() {
        rest = nextRest;
        nextRest = Math.min(LONGEST_REST, 2 * nextRest);
    }

    /** The whole with a third of what the new ones bring if each is as good as those before. */
    private double promised() {
        return baseline * (1 + (count / (double) before - 1) / 3);
    }

    private void begin(Sample now) {
        changed = now;
        samples.clear();
        samples.addLast(now);
        pace = 0;
        paceBefore = 0;
        steadySince = now.at;
        payingSince = now.at + look;
    }

    /** The speeds of the last look and of the one before it. */
    private void measure() {
        var last = samples.getLast();
        var middle = samples.getFirst();
        var first = middle;
        for (var sample : samples) {
            middle = last.at - sample.at >= look ? sample : middle;
            first = last.at - sample.at >= 2 * look ? sample : first;
        }
        while (samples.getFirst() != first) {
            samples.removeFirst();
        }
        pace = perSecond(last.bytes - middle.bytes, last.at - middle.at);
        paceBefore = perSecond(middle.bytes - first.bytes, middle.at - first.at);
        olderPace = perSecond(last.older - middle.older, last.at - middle.at);
        olderPaceBefore = perSecond(middle.older - first.older, middle.at - first.at);
        // Beside old ones at full speed a slow start shows late.
        var alone = count == before;
        var fresh = alone ? pace : pace - olderPace;
        var freshBefore = alone ? paceBefore : paceBefore - olderPaceBefore;
        if (fresh > GROWS * freshBefore || fresh < freshBefore / 2) {
            steadySince = last.at;
        }
    }

    private static double perSecond(long bytes, long nanos) {
        return nanos == 0 ? 0 : bytes * 1e9 / nanos;
    }
}
