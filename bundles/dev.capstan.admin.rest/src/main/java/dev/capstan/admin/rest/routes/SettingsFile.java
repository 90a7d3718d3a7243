package dev.capstan.admin.rest.routes;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Settings that were changed while the host ran, for its next start: {@code
 * DIR/etc/zz-settings.json}, named so that it is read after what people write there. Only its owner
 * may read it, since it may hold secrets. Safe for any number of threads.
 */
final class SettingsFile {
    private final Path file;

    SettingsFile(Path folder) {
        file = folder.resolve("zz-settings.json");
    }

    /** Keeps values; those of the same configuration that are not named stay. */
    synchronized void keep(String pid, Map<String, Object> values) throws IOException {
        var all = read();
        var configuration = Json.createObjectBuilder();
        if (all.get(pid) instanceof JsonObject before) {
            before.forEach(configuration::add);
        }
        values.forEach((name, value) -> configuration.add(name, json(value)));
        write(Json.createObjectBuilder(all).add(pid, configuration).build());
    }

    private JsonObject read() throws IOException {
        if (!Files.exists(file)) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        try (var reader = Json.createReader(Files.newInputStream(file))) {
            return reader.readObject();
        } catch (JsonException e) {
            throw new IOException(file + " is no JSON object; mend it or delete it", e);
        }
    }

    /** It appears whole, with its mode, and on the disk, or not at all. */
    private void write(JsonObject all) throws IOException {
        var owner = PosixFilePermissions.fromString("rw-------");
        var draft =
                Files.createTempFile(
                        Files.createDirectories(file.getParent()),
                        ".zz-settings",
                        ".part",
                        PosixFilePermissions.asFileAttribute(owner));
        try {
            Files.write(draft, (all + "\n").getBytes(StandardCharsets.UTF_8));
            try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static JsonValue json(Object value) {
        if (value instanceof String[] many) {
            JsonArrayBuilder list = Json.createArrayBuilder();
            for (var one : many) {
                list.add(one);
            }
            return list.build();
        }
        if (value instanceof Boolean truth) {
            return truth ? JsonValue.TRUE : JsonValue.FALSE;
        }
        return value instanceof Number number
                ? Json.createValue(number.longValue())
                : Json.createValue(String.valueOf(value));
    }
}
