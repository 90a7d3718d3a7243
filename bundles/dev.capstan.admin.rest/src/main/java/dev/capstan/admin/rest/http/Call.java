package dev.capstan.admin.rest.http;

import dev.capstan.access.Scope;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request, with what its path named.
 *
 * @param request as it came
 * @param named the parts of the path that the route gives names
 * @param scope what the caller's token opens
 */
public record Call(HttpServletRequest request, Map<String, String> named, Scope scope) {
    static final int MOST_BYTES = 1 << 20;

    private static final byte[] NOTHING = {};

    /** A part of the path. */
    public String named(String name) {
        return named.getOrDefault(name, "");
    }

    /** Refuses query parameters that the path does not know, by name. */
    public void query(String... known) throws ProblemException {
        var names = Set.copyOf(Arrays.asList(known));
        for (var name : Query.of(request).keySet()) {
            if (!names.contains(name)) {
                throw ProblemException.malformed(
                        "There is no parameter \"" + StrictJson.shown(name) + "\".");
            }
        }
    }

    /** The values of a query parameter that may be repeated. */
    public List<String> values(String name) throws ProblemException {
        return Query.of(request).getOrDefault(name, List.of());
    }

    /** The value of a query parameter. */
    public Optional<String> value(String name) throws ProblemException {
        var values = values(name);
        if (values.size() > 1) {
            throw ProblemException.malformed("\"" + name + "\" is given more than once.");
        }
        return values.stream().findFirst();
    }

    /** A number in the query. */
    public int number(String name, int least, int most, int otherwise) throws ProblemException {
        var text = value(name).orElse(null);
        if (text == null) {
            return otherwise;
        }
        // No longer than any int, so that nothing has to be computed to be refused.
        if (text.matches("\\d{1,9}")) {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw ProblemException.malformed(
                "\"" + name + "\" is a whole number from " + least + " to " + most + ".");
    }

    /** A yes or no in the query. */
    public boolean flag(String name) throws ProblemException {
        return switch (value(name).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw ProblemException.malformed("\"" + name + "\" is either true or false.");
        };
    }

    /**
     * The body, a JSON object of known properties; an empty body is an empty object.
     *
     * @param known properties it may have
     */
    public Body body(String... known) throws ProblemException, IOException {
        var bytes = ArrivingBodies.bytes(request).orElse(NOTHING);
        if (bytes.length > MOST_BYTES) {
            throw ProblemException.tooLarge("A body may have 1 MiB at most.");
        }
        var type = request.getContentType();
        if (bytes.length == 0 && type == null) {
            return Body.EMPTY;
        }
        if (!isJson(type)) {
            throw new ProblemException(
                    415,
                    "UNSUPPORTED",
                    "The body has to be JSON in UTF-8, with Content-Type: application/json.");
        }
        return bytes.length == 0 ? Body.EMPTY : Body.read(bytes, known);
    }

    /** The body, a file as it is; it is gone when the request is answered. */
    public Path file() throws ProblemException, IOException {
        return Upload.of(request);
    }

    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return false;
        }
        var parts = type.split(";", 2);
        return parts[0].strip().equalsIgnoreCase("application/json")
                && (parts.length == 1
                        || parts[1].strip().matches("(?i)charset\\s*=\\s*\"?utf-8\"?"));
    }
}
