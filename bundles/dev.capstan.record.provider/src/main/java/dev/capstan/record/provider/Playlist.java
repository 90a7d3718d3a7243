package dev.capstan.record.provider;

import dev.capstan.content.Digest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.Track;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records as an extended M3U playlist, which any player reads. Checksums stand in comments that
 * others pass over:
 *
 * <pre>
 * #EXTM3U
 * #PLAYLIST:Evening
 * #EXTINF:215.4,First song
 * #CAPSTAN-DIGEST:sha-256=9f86…
 * https://example.org/first.flac
 * </pre>
 *
 * @param name what it is called, or null
 * @param items what it lists
 */
record Playlist(@Nullable String name, List<Item> items) {
    private static final String BEGIN = "#EXTM3U";
    private static final String NAME = "#PLAYLIST:";
    private static final String INFO = "#EXTINF:";
    private static final String DIGEST = "#CAPSTAN-DIGEST:";

    /** An entry; digests are null where none were written down. */
    record Item(
            URI link,
            @Nullable String title,
            @Nullable Duration duration,
            @Nullable Digest sha256,
            @Nullable Digest md5) {

        boolean hasDigest() {
            return sha256 != null || md5 != null;
        }

        Track track(String fallback) {
            return new Track(
                    title == null ? fallback : title,
                    link,
                    sha256,
                    md5,
                    -1,
                    null,
                    duration,
                    Map.of());
        }
    }

    static boolean isOne(String text) {
        return text.stripLeading().replace("\ufeff", "").startsWith(BEGIN);
    }

    static String write(List<EtchedRecord> records) {
        var text = new StringBuilder(BEGIN).append('\n');
        for (var record : records) {
            text.append(NAME).append(line(record.name())).append('\n');
            record.tracks().forEach(track -> write(track, text));
        }
        return text.toString();
    }

    private static void write(Track track, StringBuilder text) {
        var duration = track.duration();
        var seconds =
                duration == null
                        ? "-1"
                        : BigDecimal.valueOf(duration.toMillis(), 3)
                                .stripTrailingZeros()
                                .toPlainString();
        text.append(INFO).append(seconds).append(',').append(line(track.title())).append('\n');
        for (var digest : new Digest[] {track.sha256(), track.md5()}) {
            if (digest != null) {
                text.append(DIGEST).append(digest).append('\n');
            }
        }
        text.append(track.link()).append('\n');
    }

    /**
     * Reads a playlist.
     *
     * @throws IllegalArgumentException if it is malformed
     * @throws RecordException if a link is
     */
    static Playlist read(String text) throws RecordException {
        String name = null;
        String title = null;
        Duration duration = null;
        Digest sha256 = null;
        Digest md5 = null;
        var items = new ArrayList<Item>();
        for (var raw : text.lines().toList()) {
            var line = raw.strip();
            if (line.startsWith(NAME)) {
                name = name == null ? line.substring(NAME.length()).strip() : name;
            } else if (line.startsWith(INFO)) {
                var comma = line.indexOf(',');
                duration =
                        seconds(line.substring(INFO.length(), comma < 0 ? line.length() : comma));
                title = comma < 0 ? null : line.substring(comma + 1).strip();
            } else if (line.startsWith(DIGEST)) {
                var digest = Digest.parse(line.substring(DIGEST.length()).strip());
                sha256 = digest.algorithm().equals(Digest.SHA_256) ? digest : sha256;
                md5 = digest.algorithm().equals(Digest.MD5) ? digest : md5;
            } else if (!line.isEmpty() && !line.replace("\ufeff", "").startsWith("#")) {
                var titled = title == null || title.isEmpty() ? null : title;
                items.add(new Item(Rules.link(line), titled, duration, sha256, md5));
                title = null;
                duration = null;
                sha256 = null;
                md5 = null;
            }
        }
        return new Playlist(name, List.copyOf(items));
    }

    private static @Nullable Duration seconds(String text) {
        // What follows the seconds are attributes some programs write.
        var number = text.strip().split("\\s", 2)[0];
        try {
            var nanos = new BigDecimal(number).movePointRight(9).setScale(0, RoundingMode.HALF_UP);
            return nanos.signum() > 0 && nanos.precision() < 19
                    ? Duration.ofNanos(nanos.longValueExact())
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
