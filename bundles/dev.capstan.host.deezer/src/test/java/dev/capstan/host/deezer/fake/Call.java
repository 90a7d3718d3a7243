package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Exchange;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request as it arrived. Immutable.
 *
 * @param at when its head and body were read, by the fake's clock
 * @param endpoint what was asked
 * @param id the track, album or playlist it is about; 0 where it is about none
 * @param method in upper case
 * @param path without query
 * @param query parameters, decoded; of several with one name the last
 * @param headers values by lower-case name
 * @param body empty where none was sent
 */
public record Call(
        Instant at,
        Endpoint endpoint,
        long id,
        String method,
        String path,
        Map<String, String> query,
        Map<String, List<String>> headers,
        String body) {

    static Call of(Exchange exchange, Endpoint endpoint, Instant at) {
        var uri = URI.create(exchange.target());
        return new Call(
                at,
                endpoint,
                0,
                exchange.method(),
                uri.getPath(),
                query(uri.getRawQuery()),
                exchange.headers(),
                new String(exchange.body(), StandardCharsets.UTF_8));
    }

    Call about(Endpoint known, long item) {
        return new Call(at, known, item, method, path, query, headers, body);
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

    int number(String parameter, int otherwise) {
        try {
            return Integer.parseInt(query.getOrDefault(parameter, "" + otherwise));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private static Map<String, String> query(String raw) {
        var all = new LinkedHashMap<String, String>();
        if (raw != null) {
            for (var pair : raw.split("&")) {
                var equals = pair.indexOf('=');
                all.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return all;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
