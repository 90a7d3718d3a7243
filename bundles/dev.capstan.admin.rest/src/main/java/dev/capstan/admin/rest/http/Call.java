package dev.capstan.admin.rest.http;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One request, with what its path named.
 *
 * @param request as it came
 * @param named the parts of the path that the route gives names
 */
public record Call(HttpServletRequest request, Map<String, String> named) {
    private static final int MOST_BYTES = 1 << 20;

    /** A part of the path. */
    public String named(String name) {
        return named.getOrDefault(name, "");
    }

    /** The values of a query parameter. */
    public List<String> values(String name) {
        var values = request.getParameterValues(name);
        return values == null ? List.of() : List.of(values);
    }

    /**
     * The body, an object of known properties; an empty body is an empty object.
     *
     * @param known properties it may have
     */
    public JsonObject body(Set<String> known) throws ProblemException, IOException {
        var bytes = request.getInputStream().readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new ProblemException(413, "TOO_LARGE", "A body may have 1 MiB at most.");
        }
        if (bytes.length == 0) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        if (!isJson(request.getContentType())) {
            throw new ProblemException(
                    415,
                    "UNSUPPORTED",
                    "The body has to be JSON, with Content-Type:" + " application/json.");
        }
        try (var reader = Json.createReader(new ByteArrayInputStream(bytes))) {
            var object = reader.readObject();
            for (var name : object.keySet()) {
                if (!known.contains(name)) {
                    throw ProblemException.malformed("There is no property \"" + name + "\".");
                }
            }
            return object;
        } catch (JsonException e) {
            throw ProblemException.malformed("The body is no JSON object.");
        }
    }

    private static boolean isJson(String type) {
        return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }
}
