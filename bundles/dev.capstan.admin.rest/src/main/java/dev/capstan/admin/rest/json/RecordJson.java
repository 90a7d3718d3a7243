package dev.capstan.admin.rest.json;

import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Playtime;
import dev.capstan.record.Track;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records and how they are played. */
public final class RecordJson {

    private RecordJson() {}

    /**
     * A record.
     *
     * @param contents tells which of its bytes are here; null while nobody knows
     */
    public static JsonObject of(EtchedRecord record, @Nullable Contents contents) {
        var tracks = new ArrayList<JsonObject>();
        var allHere = contents != null;
        for (int i = 0; i < record.tracks().size(); i++) {
            var track = record.tracks().get(i);
            var here = contents == null ? null : isHere(track, contents);
            allHere &= Boolean.TRUE.equals(here);
            tracks.add(track(i, track, here));
        }
        var fields =
                new Fields()
                        .put("id", record.id())
                        .put("name", record.name())
                        .put("author", record.author())
                        .put("etched", record.etched());
        if (contents != null) {
            fields.put("here", allHere);
        }
        return fields.put("tracks", Fields.list(tracks)).object();
    }

    /** Where a playing record is. */
    public static JsonObject of(Playtime playtime) {
        return new Fields()
                .put("record", playtime.record())
                .put("track", playtime.track())
                .put("position", playtime.position().toMillis() / 1000.0)
                .put("at", playtime.at())
                .put("rate", playtime.rate())
                .put("repeat", playtime.order().repeat())
                .put("shuffle", playtime.order().shuffle())
                .put("leader", playtime.leader())
                .object();
    }

    private static JsonObject track(int index, Track track, @Nullable Boolean here) {
        var fields =
                new Fields()
                        .put("index", index)
                        .put("title", track.title())
                        .put("duration", track.duration());
        if (track.size() >= 0) {
            fields.put("size", track.size());
        }
        fields.put("sha256", hex(track.sha256()))
                .put("md5", hex(track.md5()))
                .put("url", ShownLink.of(track.link().toString()))
                .put("mediaType", track.mediaType());
        if (here != null) {
            fields.put("here", here.booleanValue());
        }
        return fields.object();
    }

    private static boolean isHere(Track track, Contents contents) {
        return Stream.of(Optional.ofNullable(track.sha256()), Optional.ofNullable(track.md5()))
                .flatMap(Optional::stream)
                .anyMatch(digest -> contents.find(digest).isPresent());
    }

    private static @Nullable String hex(@Nullable Digest digest) {
        return digest == null ? null : digest.hex();
    }
}
