package dev.capstan.host.fshare.fake;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Query;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One request as it arrived. Immutable.
 *
 * @param at when its head and body were read, by the fake's clock
 * @param endpoint what was asked
 * @param method in upper case
 * @param path without query
 * @param query parameters, decoded; of several with one name the last
 * @param headers values by lower-case name
 * @param body empty where none was sent
 */
public record Call(
        Instant at,
        Endpoint endpoint,
        String method,
        String path,
        Map<String, String> query,
        Map<String, List<String>> headers,
        String body) {

    private static final Pattern LINK =
            Pattern.compile("https://www\\.fshare\\.vn/(?:file|folder)/([A-Za-z0-9]{1,32})");

    static Call of(Exchange exchange, Endpoint endpoint, Instant at) {
        var uri = URI.create(exchange.target());
        return new Call(
                at,
                endpoint,
                exchange.method(),
                uri.getPath(),
                Query.of(exchange.target()),
                exchange.headers(),
                new String(exchange.body(), StandardCharsets.UTF_8));
    }

    /**
     * The first value of a field.
     *
     * @param name in any case
     * @return the value, or empty
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
    }

    /**
     * The value of a cookie.
     *
     * @param name exactly
     * @return the value, or empty
     */
    public Optional<String> cookie(String name) {
        return headers.getOrDefault("cookie", List.of()).stream()
                .flatMap(line -> List.of(line.split(";\\s*")).stream())
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    /**
     * The body's JSON object.
     *
     * @return the object, or an empty one where the body is none
     */
    public JsonObject json() {
        try (var reader =
                Json.createReader(
                        new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))) {
            return reader.readObject();
        } catch (JsonException e) {
            return JsonObject.EMPTY_JSON_OBJECT;
        }
    }

    /**
     * A text of the body's JSON object.
     *
     * @param name of the member
     * @return the text, or empty where there is none
     */
    public Optional<String> text(String name) {
        return json().get(name) instanceof JsonString text
                ? Optional.of(text.getString())
                : Optional.empty();
    }

    /**
     * The file or folder it is about. Only the canonical link counts as one.
     *
     * @return the code in upper case, or empty
     */
    public Optional<String> code() {
        var given = query.get("linkcode");
        if (given == null) {
            var link = LINK.matcher(text("url").orElse(""));
            given = link.matches() ? link.group(1) : null;
        }
        return Optional.ofNullable(given).map(code -> code.toUpperCase(Locale.ROOT));
    }
}
