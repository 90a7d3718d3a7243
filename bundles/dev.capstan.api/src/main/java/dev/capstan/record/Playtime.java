package dev.capstan.record;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a playing record is (E8): all who listen derive the same position from it. A listener on
 * another machine first learns how far its clock is from the host's, corrected by the round trip.
 *
 * @param record id of the record
 * @param track index of the track
 * @param position where it was at {@code at}
 * @param at on the host's clock
 * @param rate 1 while it plays at normal speed, 0 while it is paused
 * @param order which track follows
 * @param leader who steers; another takes over when it goes
 */
public record Playtime(
        String record,
        int track,
        Duration position,
        Instant at,
        double rate,
        PlayOrder order,
        String leader) {

    /**
     * Where it is at a time.
     *
     * @param now a time on the host's clock
     * @return the position, not before the start
     */
    public Duration positionAt(Instant now) {
        var elapsed = Duration.between(at, now).toNanos();
        var result = position.plusNanos((long) (elapsed * rate));
        return result.isNegative() ? Duration.ZERO : result;
    }
}
