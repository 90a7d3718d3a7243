package dev.capstan.record.provider;

import dev.capstan.content.Digest;
import dev.capstan.download.Trust;
import dev.capstan.name.Ulid;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Track;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON. A record of one track may be written without the list, its {@code url} and
 * checksum beside its name, as old ones are.
 *
 * <pre>
 * {"records": [
 *   {"id": "01J…", "name": "…", "author": "…", "etched": "2026-01-31T12:00:00Z", "tracks": [
 *     {"title": "…", "url": "https://…", "sha256": "…", "md5": "…", "size": 3000000,
 *      "type": "audio/flac", "duration": 215.4, "tags": {"artist": "…"}}]}]}
 * </pre>
 */
final class RecordJson {
    private static final String RECORDS = "records";

    private RecordJson() {}

    /** The text of several records. */
    static String write(List<EtchedRecord> records) {
        var array = Json.createArrayBuilder();
        records.forEach(record -> array.add(object(record)));
        return text(Json.createObjectBuilder().add(RECORDS, array));
    }

    /**
     * Reads several records, or one alone.
     *
     * @param ids gives an id to a record that has none
     * @throws IllegalArgumentException if the text holds anything else
     */
    static List<EtchedRecord> read(String text, Ids ids) {
        var json = parse(text);
        try {
            return json.containsKey(RECORDS)
                    ? json.getJsonArray(RECORDS).stream()
                            .map(value -> record(value.asJsonObject(), ids))
                            .toList()
                    : List.of(record(json, ids));
        } catch (ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException("This is no list of records: " + e.getMessage(), e);
        }
    }

    /** Gives a new id. */
    interface Ids {
        String next();
    }

    /** The text of an entry of the shelf. */
    static String write(Entry entry) {
        var json =
                Json.createObjectBuilder()
                        .add("record", object(entry.record()))
                        .add("trust", entry.trust().name())
                        .add("kept", entry.kept());
        add(json, "slot", entry.slot());
        add(json, "library", entry.library());
        return text(json);
    }

    /**
     * Reads an entry of the shelf.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static Entry readEntry(String text) {
        var json = parse(text);
        try {
            var library = json.getString("library", null);
            return new Entry(
                    record(json.getJsonObject("record"), () -> ""),
                    Trust.valueOf(json.getString("trust")),
                    json.getString("slot", null),
                    json.getBoolean("kept"),
                    library == null ? null : URI.create(library));
        } catch (ClassCastException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException("This is no record: " + e.getMessage(), e);
        }
    }

    static JsonObject parse(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException | IllegalStateException e) {
            throw new IllegalArgumentException("This is not JSON: " + e.getMessage(), e);
        }
    }

    static String text(JsonObjectBuilder json) {
        var text = new StringWriter();
        try (var writer = Json.createWriter(text)) {
            writer.writeObject(json.build());
        }
        return text.append('\n').toString();
    }

    /** Adds what is there. */
    static void add(JsonObjectBuilder json, String name, @Nullable Object value) {
        if (value != null) {
            json.add(name, value.toString());
        }
    }

    private static JsonObjectBuilder object(EtchedRecord record) {
        var json = Json.createObjectBuilder().add("id", record.id()).add("name", record.name());
        add(json, "author", record.author());
        add(json, "etched", record.etched());
        var tracks = Json.createArrayBuilder();
        record.tracks().forEach(track -> tracks.add(object(track)));
        return json.add("tracks", tracks);
    }

    private static JsonObjectBuilder object(Track track) {
        var json = Json.createObjectBuilder().add("title", track.title());
        add(json, "url", track.link());
        add(json, "sha256", hex(track.sha256()));
        add(json, "md5", hex(track.md5()));
        if (track.size() >= 0) {
            json.add("size", track.size());
        }
        add(json, "type", track.mediaType());
        var duration = track.duration();
        if (duration != null) {
            json.add("duration", BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros());
        }
        if (!track.tags().isEmpty()) {
            var tags = Json.createObjectBuilder();
            new TreeMap<>(track.tags()).forEach(tags::add);
            json.add("tags", tags);
        }
        return json;
    }

    private static EtchedRecord record(JsonObject json, Ids ids) {
        var id = json.getString("id", null);
        var etched = json.getString("etched", null);
        var name = json.getString("name");
        var tracks =
                json.containsKey("tracks")
                        ? json.getJsonArray("tracks").stream()
                                .map(value -> track(value.asJsonObject(), name))
                                .toList()
                        : List.of(track(json, name));
        return new EtchedRecord(
                id == null || !Ulid.isOne(id) ? ids.next() : id,
                name,
                json.getString("author", null),
                tracks,
                etched == null ? Instant.EPOCH : Instant.parse(etched));
    }

    private static Track track(JsonObject json, String name) {
        var duration = json.getJsonNumber("duration");
        var size = json.getJsonNumber("size");
        return new Track(
                json.getString("title", name),
                URI.create(json.getString("url")),
                digest(Digest.SHA_256, json.getString("sha256", null)),
                digest(Digest.MD5, json.getString("md5", null)),
                size == null ? -1 : size.longValue(),
                json.getString("type", null),
                duration == null
                        ? null
                        : Duration.ofMillis((long) (duration.doubleValue() * 1_000)),
                json.containsKey("tags") ? tags(json.getJsonObject("tags")) : Map.of());
    }

    private static Map<String, String> tags(JsonObject json) {
        var tags = new TreeMap<String, String>();
        json.forEach(
                (name, value) -> {
                    if (value instanceof JsonString text) {
                        tags.put(name, text.getString());
                    }
                });
        return tags;
    }

    private static @Nullable String hex(@Nullable Digest digest) {
        return digest == null ? null : digest.hex();
    }

    private static @Nullable Digest digest(String algorithm, @Nullable String hex) {
        return hex == null ? null : new Digest(algorithm, hex);
    }
}
