package dev.capstan.admin.rest.settings;

import dev.capstan.name.DurableFile;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
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

    /** Keeps nothing of a configuration. */
    synchronized void forget(String pid) throws IOException {
        var all = read();
        if (all.containsKey(pid)) {
            write(Json.createObjectBuilder(all).remove(pid).build());
        }
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
        Files.createDirectories(file.getParent());
        DurableFile.write(file, all + "\n", PosixFilePermissions.asFileAttribute(owner));
    }

    private static JsonValue json(Object value) {
        if (value instanceof Collection<?> many) {
            return json(many.toArray());
        }
        if (value.getClass().isArray()) {
            JsonArrayBuilder list = Json.createArrayBuilder();
            for (int i = 0; i < Array.getLength(value); i++) {
                list.add(json(Array.get(value, i)));
            }
            return list.build();
        }
        if (value instanceof Boolean truth) {
            return truth ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (value instanceof Double || value instanceof Float) {
            return Json.createValue(((Number) value).doubleValue());
        }
        return value instanceof Number number
                ? Json.createValue(number.longValue())
                : Json.createValue(String.valueOf(value));
    }
}
