package dev.capstan.tck;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One answer of a fake service, whole.
 *
 * @param status the HTTP status
 * @param type the media type
 * @param body what follows the head
 * @param fields more fields, each {@code Name: value}
 */
public record Reply(int status, String type, String body, List<String> fields) {

    /** Makes an answer; fields are copied. */
    public Reply {
        fields = List.copyOf(fields);
    }

    /**
     * Makes an answer.
     *
     * @param status the HTTP status
     * @param type the media type
     * @param body what follows the head
     * @param fields more fields, each {@code Name: value}
     * @return the answer
     */
    public static Reply of(int status, String type, String body, String... fields) {
        return new Reply(status, type, body, List.of(fields));
    }

    /**
     * Makes a good answer in JSON.
     *
     * @param value its text, or what has it as its own
     * @return the answer
     */
    public static Reply json(Object value) {
        return json(200, value);
    }

    /**
     * Makes an answer in JSON.
     *
     * @param status the HTTP status
     * @param value its text, or what has it as its own
     * @return the answer
     */
    public static Reply json(int status, Object value) {
        return of(status, "application/json; charset=UTF-8", value.toString());
    }

    /**
     * Makes a page for people.
     *
     * @param status the HTTP status
     * @param title what it says
     * @return the answer
     */
    public static Reply html(int status, String title) {
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
