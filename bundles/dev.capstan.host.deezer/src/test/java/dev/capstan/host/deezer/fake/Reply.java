package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Exchange;
import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One answer, whole.
 *
 * @param status the HTTP status
 * @param type the media type
 * @param body what follows the head
 * @param fields more fields, each {@code Name: value}
 */
public record Reply(int status, String type, String body, List<String> fields) {

    static Reply of(int status, String type, String body, String... fields) {
        return new Reply(status, type, body, List.of(fields));
    }

    static Reply json(JsonValue value) {
        return of(200, "application/json; charset=UTF-8", value.toString());
    }

    /** As the public API refuses. */
    static Reply error(int code, String type, String message) {
        return json(
                Json.createObjectBuilder()
                        .add(
                                "error",
                                Json.createObjectBuilder()
                                        .add("type", type)
                                        .add("message", message)
                                        .add("code", code))
                        .build());
    }

    static Reply html(int status, String title) {
        return of(
                status,
                "text/html; charset=UTF-8",
                "<!DOCTYPE html><html><head><title>%s</title></head><body><h1>%s</h1></body></html>"
                        .formatted(title, title));
    }

    /**
     * The same with another body.
     *
     * @param changed what follows the head
     * @return a copy
     */
    public Reply withBody(String changed) {
        return new Reply(status, type, changed, fields);
    }

    /**
     * Sends it, with the length of its body.
     *
     * @param exchange the request
     * @throws IOException if the peer is gone
     */
    public void send(Exchange exchange) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = new ArrayList<>(fields);
        head.add("Content-Type: " + type);
        head.add("Content-Length: " + bytes.length);
        exchange.head(status, head.toArray(String[]::new));
        if (!exchange.method().equals("HEAD")) {
            exchange.send(bytes);
        }
    }
}
