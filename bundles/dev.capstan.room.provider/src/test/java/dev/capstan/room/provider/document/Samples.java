package dev.capstan.room.provider.document;

import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Documents to begin from, and three users. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    static final String MATCH_LOCK =
            """
            {"version": 1,
             "engine": {"name": "Fighter", "version": "1.1", "folder": "/opt/fighter"},
             "pieceCollections": {
               "base": {"selection": "mandatory", "pieces": [
                 {"id": "core", "name": "Core", "author": "J\\u00fcrgen \\"Jay\\" \\\\o/",
                  "version": "2", "resolvables":
                   ["https://a.example/core.zip", "https://b.example/core.zip?x=1#f"],
                  "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                  "size": 1234567, "archive": "zip", "enginePath": "data/.core"},
                 {"id": "music", "resolvables": []}]},
               "stages": {"selection": "selectable", "pieces": [
                 {"id": "beach", "resolvables": ["http://a.example/b.tgz"], "archive": "tar.gz"},
                 {"id": "night club", "resolvables": ["ed2k://|file|n.tar|"], "size": 0}]},
               "extras": {"selection": "onDemand", "pieces": []}}}
            """;

    static final Map<String, KeyPair> KEYS = new LinkedHashMap<>();

    static {
        for (var user : new String[] {"ann", "ben", "Cécile"}) {
            KEYS.put(user, Keys.generate());
        }
    }

    private Samples() {}

    static RoomDraft draft(boolean byReference) {
        var keys = new LinkedHashMap<String, String>();
        KEYS.forEach((user, pair) -> keys.put(user, Keys.text(pair.getPublic())));
        return new RoomDraft(
                "friday",
                MATCH_LOCK,
                byReference,
                keys,
                URI.create("tcp://ann@192.168.1.5:7777"),
                null,
                Duration.ofDays(7));
    }

    static RoomFile signed(boolean byReference) throws RoomException {
        var file = RoomFile.create(draft(byReference), NOW);
        for (var user : KEYS.entrySet()) {
            file = file.signed(user.getKey(), user.getValue());
        }
        return file;
    }
}
