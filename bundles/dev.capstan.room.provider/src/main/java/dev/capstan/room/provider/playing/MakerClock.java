package dev.capstan.room.provider.playing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * How far the maker's clock is from this host's, as one connection tells (E8): of the last round
 * trips the fastest one has waited least in queues, so it is believed. How long the maker takes to
 * answer does not matter, since it says when it heard and when it spoke.
 *
 * <p>Safe for any number of threads.
 */
public final class MakerClock {
    /** Member: what is the time? */
    public static final String PING = "ping";

    /** Maker: it was this when I heard you, and is that now. */
    public static final String PONG = "pong";

    private static final String SENT = "sent";
    private static final String CAME = "came";
    private static final String SAID = "said";
    private static final int REMEMBERED = 8;

    /** The first few follow each other quickly. */
    private static final int FIRST = 4;

    private static final Duration EVERY = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Queue<Trip> trips = new ArrayDeque<>();
    private int asked;
    private Instant askedLast = Instant.MIN;

    private record Trip(Duration length, Duration offset) {}

    /** Creates it for one connection. */
    public MakerClock() {}

    /**
     * Whether to ask now; then it counts as asked.
     *
     * @param now on this host's clock
     * @return the fields of a ping, or null
     */
    public synchronized @Nullable Map<String, String> ask(Instant now) {
        if (asked >= FIRST && now.isBefore(askedLast.plus(EVERY))) {
            return null;
        }
        asked++;
        askedLast = now;
        return Map.of(SENT, Long.toString(Micros.of(now)));
    }

    /**
     * The maker's answer.
     *
     * @param ping the fields of a ping
     * @param came when it came
     * @param now both on the maker's clock
     * @return the fields of a pong
     * @throws IllegalArgumentException if the ping is malformed
     */
    public static Map<String, String> answer(Map<String, String> ping, Instant came, Instant now) {
        return Map.of(
                SENT, Long.toString(Micros.of(Micros.instant(ping.get(SENT)))),
                CAME, Long.toString(Micros.of(came)),
                SAID, Long.toString(Micros.of(now)));
    }

    /**
     * Takes the maker's answer.
     *
     * @param pong its fields
     * @param now when it came, on this host's clock
     * @throws IllegalArgumentException if it is malformed
     */
    public synchronized void hear(Map<String, String> pong, Instant now) {
        var sent = Micros.instant(pong.get(SENT));
        var came = Micros.instant(pong.get(CAME));
        var said = Micros.instant(pong.get(SAID));
        var length = Duration.between(sent, now).minus(Duration.between(came, said));
        if (length.isNegative() || length.compareTo(LONGEST) > 0) {
            return;
        }
        var offset = Duration.between(sent, came).plus(Duration.between(now, said)).dividedBy(2);
        if (trips.size() >= REMEMBERED) {
            trips.remove();
        }
        trips.add(new Trip(length, offset));
    }

    /**
     * What is to be added to this host's clock.
     *
     * @return empty while the maker has not answered
     */
    public synchronized Optional<Duration> offset() {
        return trips.stream()
                .min((one, other) -> one.length.compareTo(other.length))
                .map(Trip::offset);
    }
}
