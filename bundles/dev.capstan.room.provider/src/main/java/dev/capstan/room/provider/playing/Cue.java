package dev.capstan.room.provider.playing;

import dev.capstan.record.PlayOrder;
import dev.capstan.record.PlayOrder.Repeat;
import dev.capstan.record.Playtime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What hosts of a room say to each other of a record (E8). All times are on the maker's clock.
 *
 * @param type one of the types below
 * @param record id of the record
 * @param playtime where it is, but of {@link #STOPPED}
 */
public record Cue(String type, String record, @Nullable Playtime playtime) {
    /** Member: I have steered it. Maker: this is where it is. */
    public static final String PLAYING = "playing";

    /** Member: I listen, and if nobody else does, this is where it is. */
    public static final String LISTENING = "listening";

    /** Member: nobody listens here any more. Maker: nobody does; of no record: forget them all. */
    public static final String STOPPED = "stopped";

    /** A message that was on its way for longer is of no use to anybody. */
    private static final Duration OLDEST = Duration.ofMinutes(1);

    private static final int LONGEST_ID = 128;
    private static final int MOST_TRACKS = 100_000;
    private static final double MILLION = 1_000_000;
    private static final long MOST_RATE = 4_000_000;
    private static final long LONGEST_MILLIS = Duration.ofDays(7).toMillis();

    static Cue playing(Playtime playtime) {
        return new Cue(PLAYING, playtime.record(), playtime);
    }

    static Cue listening(Playtime playtime) {
        return new Cue(LISTENING, playtime.record(), playtime);
    }

    static Cue stopped(String record) {
        return new Cue(STOPPED, record, null);
    }

    /**
     * As fields of a header.
     *
     * @param now on the maker's clock
     * @return texts by name
     */
    public Map<String, String> fields(Instant now) {
        var fields = new LinkedHashMap<>(Map.of("record", record));
        if (playtime != null) {
            fields.put("track", Integer.toString(playtime.track()));
            var position = Math.min(playtime.positionAt(now).toMillis(), LONGEST_MILLIS);
            fields.put("position", Long.toString(position));
            fields.put("at", Long.toString(Micros.of(now)));
            fields.put("rate", Long.toString(Math.round(playtime.rate() * MILLION)));
            fields.put("repeat", playtime.order().repeat().name());
            var shuffle = playtime.order().shuffle();
            if (shuffle != null) {
                fields.put("shuffle", Long.toString(shuffle));
            }
        }
        return fields;
    }

    /**
     * Reads the fields of a header.
     *
     * @param type one of the types above
     * @param fields texts by name
     * @param user who says it
     * @return what was said
     * @throws IllegalArgumentException if it is malformed
     */
    public static Cue of(String type, Map<String, String> fields, String user) {
        var id = Objects.requireNonNullElse(fields.get("record"), "");
        if (id.length() > LONGEST_ID || (id.isEmpty() && !type.equals(STOPPED))) {
            throw new IllegalArgumentException("No id of a record");
        }
        if (type.equals(STOPPED)) {
            return stopped(id);
        }
        var shuffle = fields.get("shuffle");
        return new Cue(
                type,
                id,
                new Playtime(
                        id,
                        (int) number(fields, "track", MOST_TRACKS),
                        Duration.ofMillis(number(fields, "position", LONGEST_MILLIS)),
                        Micros.instant(fields.get("at")),
                        number(fields, "rate", MOST_RATE) / MILLION,
                        new PlayOrder(
                                Repeat.valueOf(
                                        Objects.requireNonNullElse(fields.get("repeat"), "")),
                                shuffle == null ? null : Long.valueOf(shuffle)),
                        user));
    }

    private static long number(Map<String, String> fields, String name, long most) {
        var number = Long.parseLong(Objects.requireNonNullElse(fields.get(name), ""));
        if (number < 0 || number > most) {
            throw new IllegalArgumentException("Out of range: " + name);
        }
        return number;
    }

    /** Whether it is of about now. */
    boolean isFresh(Instant now) {
        return playtime == null
                || Duration.between(playtime.at(), now).abs().compareTo(OLDEST) <= 0;
    }
}
