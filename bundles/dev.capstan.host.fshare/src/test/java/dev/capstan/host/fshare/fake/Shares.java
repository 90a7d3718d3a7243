package dev.capstan.host.fshare.fake;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is shared, by code without regard to case, and the form it is described in. */
final class Shares {
    private final Map<String, FakeFile> files = new LinkedHashMap<>();
    private final Map<String, FakeFolder> folders = new LinkedHashMap<>();
    private final Set<Endpoint> texts = EnumSet.of(Endpoint.FOLDER_LIST);
    private boolean pastEndMissing;

    synchronized FakeFile file(String code) {
        return files.computeIfAbsent(key(code), key -> new FakeFile(code));
    }

    synchronized FakeFolder folder(String code) {
        return folders.computeIfAbsent(key(code), key -> new FakeFolder(code));
    }

    synchronized Optional<FakeFile> findFile(String code) {
        return Optional.ofNullable(files.get(key(code)));
    }

    synchronized Optional<FakeFolder> findFolder(String code) {
        return Optional.ofNullable(folders.get(key(code)));
    }

    synchronized void numbers(Endpoint endpoint, boolean asText) {
        if (asText) {
            texts.add(endpoint);
        } else {
            texts.remove(endpoint);
        }
    }

    synchronized void pastEndMissing(boolean missing) {
        pastEndMissing = missing;
    }

    synchronized boolean isPastEndMissing() {
        return pastEndMissing;
    }

    /** An entry as an endpoint lists it: its numbers as numbers or as text. */
    JsonObject describe(Item item, Endpoint endpoint) {
        var entry =
                Json.createObjectBuilder().add("linkcode", item.code()).add("name", item.name());
        boolean asText;
        synchronized (this) {
            asText = texts.contains(endpoint);
        }
        number(entry, "type", item instanceof FakeFile ? 1 : 0, asText);
        number(entry, "size", item.listedSize(), asText);
        if (endpoint == Endpoint.LISTING) {
            entry.add("path", "/").add("hash_index", "1ca5");
            if (item instanceof FakeFile) {
                entry.add("mimetype", "application/octet-stream");
            } else {
                entry.addNull("mimetype");
            }
        }
        return entry.build();
    }

    private static void number(JsonObjectBuilder entry, String name, long value, boolean isText) {
        if (isText) {
            entry.add(name, Long.toString(value));
        } else {
            entry.add(name, value);
        }
    }

    private static String key(String code) {
        return code.toUpperCase(Locale.ROOT);
    }
}
