package dev.capstan.admin.shell.record;

import dev.capstan.admin.shell.text.Page;
import dev.capstan.admin.shell.text.Shown;
import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.content.Digest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Playtime;
import dev.capstan.record.Track;
import java.time.Instant;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All there is to say of a record.
 *
 * @param record the record
 * @param now where it is being heard, or null
 */
public record RecordStory(EtchedRecord record, @Nullable Playtime now) implements Shown {
    private static final int LABEL = 8;

    @Override
    public String render(int width, Style style) {
        var page = new Page(style, LABEL);
        page.heading(record.name());
        page.line("author", record.author());
        page.line("etched", record.etched().toString());
        page.line("playing", playing());
        page.line("id", record.id());
        for (var track : record.tracks()) {
            page.heading(record.tracks().indexOf(track) + 1 + " " + track.title());
            page.line("from", track.link().toString());
            page.line("what", what(track));
            page.line("sha-256", hex(track.sha256()));
            page.line("md5", hex(track.md5()));
            new TreeMap<>(track.tags()).forEach(page::line);
        }
        return page.toString();
    }

    private @Nullable String playing() {
        if (now == null) {
            return null;
        }
        return "track "
                + (now.track() + 1)
                + " at "
                + Units.clock(now.positionAt(Instant.now()))
                + (now.rate() == 0 ? ", paused" : "")
                + ", led by "
                + now.leader();
    }

    private static String what(Track track) {
        var parts = new StringJoiner(", ");
        if (track.mediaType() != null) {
            parts.add(track.mediaType());
        }
        if (track.size() >= 0) {
            parts.add(Units.bytes(track.size()));
        }
        var duration = track.duration();
        if (duration != null) {
            parts.add(Units.clock(duration));
        }
        return parts.toString();
    }

    private static @Nullable String hex(@Nullable Digest digest) {
        return digest == null ? null : digest.hex();
    }
}
