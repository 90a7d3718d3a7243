package dev.capstan.admin.rest.settings;

import dev.capstan.admin.rest.json.Fields;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * What one part of the host can be told.
 *
 * @param pid what its configuration is named
 * @param name as people read it
 * @param description what it is for; may be empty
 * @param settings what it has, in the part's own order
 */
public record Described(String pid, String name, String description, List<Setting> settings) {

    /** The names of all it has. */
    public String[] names() {
        return settings.stream().map(Setting::name).toArray(String[]::new);
    }

    /**
     * As it is told.
     *
     * @param values what it is configured to
     */
    public JsonObject json(Map<String, Object> values) {
        return new Fields()
                .put("pid", pid)
                .put("name", name)
                .put("description", description)
                .put(
                        "properties",
                        Fields.list(
                                settings.stream()
                                        .map(setting -> setting.json(values.get(setting.name())))
                                        .toList()))
                .object();
    }
}
