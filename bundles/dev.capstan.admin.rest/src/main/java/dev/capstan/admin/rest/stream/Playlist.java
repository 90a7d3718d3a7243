package dev.capstan.admin.rest.stream;

import dev.capstan.content.ContentLinks;
import dev.capstan.record.EtchedRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as an extended M3U playlist in UTF-8, which every player reads (E10). */
final class Playlist {

    private Playlist() {}

    /** One entry for each track, in order. */
    static String of(List<EtchedRecord> records, ContentLinks links) {
        var text = new StringBuilder("#EXTM3U\n");
        for (var record : records) {
            for (int i = 0; i < record.tracks().size(); i++) {
                var track = record.tracks().get(i);
                text.append("#EXTINF:").append(seconds(track.duration())).append(',');
                text.append(line(record.name())).append(" - ").append(line(track.title()));
                text.append('\n').append(links.ofTrack(record.id(), i).uri()).append('\n');
            }
        }
        return text.toString();
    }

    private static long seconds(@Nullable Duration duration) {
        return duration == null ? -1 : Math.round(duration.toMillis() / 1000.0);
    }

    /** A title is one line, whatever somebody put into it. */
    private static String line(String title) {
        return title.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
