package dev.capstan.room.provider.playing;

import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Playtime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a record is that nobody has steered since: tracks follow each other by themselves (E7). */
final class Course {
    private static final double SAME_RATE = 0.00001;

    /** Whoever claims that more tracks than these have ended since gets silence. */
    private static final int MOST_TRACKS = 10_000;

    private Course() {}

    /** Where it is at a time, counted from then on. */
    static Playtime at(@Nullable EtchedRecord record, Playtime from, Instant now) {
        var position = from.positionAt(now);
        var track = from.track();
        var rate = from.rate();
        for (var ended = 0; record != null && rate > 0; ended++) {
            var length = record.tracks().get(track).duration();
            if (length == null || length.isZero() || position.compareTo(length) <= 0) {
                break;
            }
            var next = from.order().after(track, record.tracks().size());
            if (next.isEmpty() || ended >= MOST_TRACKS) {
                position = length;
                rate = 0;
            } else {
                position = position.minus(length);
                track = next.getAsInt();
            }
        }
        return moved(from, track, position, now, rate);
    }

    /** The same on another clock, on which it is this time. */
    static Playtime on(Playtime from, Instant now) {
        return moved(from, from.track(), from.position(), now, from.rate());
    }

    private static Playtime moved(
            Playtime from, int track, Duration position, Instant at, double rate) {
        return new Playtime(from.record(), track, position, at, rate, from.order(), from.leader());
    }

    /** Whether two, both of one moment, are further apart than that. */
    static boolean differ(Playtime one, Playtime other, Duration most) {
        return one.track() != other.track()
                || Math.abs(one.rate() - other.rate()) > SAME_RATE
                || !one.order().equals(other.order())
                || one.position().minus(other.position()).abs().compareTo(most) > 0;
    }
}
