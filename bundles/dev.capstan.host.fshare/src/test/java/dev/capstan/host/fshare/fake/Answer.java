package dev.capstan.host.fshare.fake;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Reply;
import dev.capstan.tck.script.Fault;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a {@link Fault} says in place of the good answer. The factories cover the error table; a
 * lambda does the rest.
 */
@FunctionalInterface
public interface Answer {

    /**
     * Answers.
     *
     * @param exchange the request
     * @param good makes the answer that would have been given, with its effects; not for {@link
     *     Endpoint#DELIVERY}
     * @throws IOException if the peer is gone, or to end the connection
     */
    void give(Exchange exchange, Supplier<Reply> good) throws IOException;

    /**
     * The way Fshare refuses: an HTTP status and a JSON body with the same code.
     *
     * @param code status and code
     * @param message {@code msg} of the body
     * @return the answer
     */
    static Answer refusal(int code, String message) {
        return reply(refused(code, message));
    }

    /**
     * HTTP 200 with a code in the body.
     *
     * @param code {@code code} of the body
     * @param message {@code msg} of the body
     * @return the answer
     */
    static Answer code(int code, String message) {
        return json(200, body(code, message));
    }

    /**
     * A refusal with a sub-code.
     *
     * @param code status and code
     * @param subCode {@code sub_code} of the body
     * @param message {@code msg} of the body
     * @return the answer
     */
    static Answer subCode(int code, int subCode, String message) {
        return json(
                code,
                Json.createObjectBuilder()
                        .add("code", code)
                        .add("sub_code", subCode)
                        .add("msg", message)
                        .build()
                        .toString());
    }

    /**
     * A status with a page for people.
     *
     * @param status the HTTP status, 200 included
     * @param title what the page says
     * @param fields more fields, each {@code Name: value}
     * @return the answer
     */
    static Answer html(int status, String title, String... fields) {
        var page = Reply.html(status, title);
        return reply(Reply.of(status, page.type(), page.body(), fields));
    }

    /**
     * A status with a text that claims to be JSON.
     *
     * @param status the HTTP status
     * @param body any text
     * @param fields more fields, each {@code Name: value}
     * @return the answer
     */
    static Answer json(int status, String body, String... fields) {
        return reply(Reply.of(status, "application/json; charset=UTF-8", body, fields));
    }

    /**
     * A status without any body.
     *
     * @param status the HTTP status
     * @param fields more fields, each {@code Name: value}
     * @return the answer
     */
    static Answer empty(int status, String... fields) {
        return json(status, "", fields);
    }

    /**
     * A redirect.
     *
     * @param status 301, 302, 307, 308 …
     * @param to where to
     * @return the answer
     */
    static Answer redirect(int status, URI to) {
        return html(status, "Moved", "Location: " + to);
    }

    /**
     * The good answer, cut in the middle; its length fits what is left.
     *
     * @return the answer
     */
    static Answer truncated() {
        return changed(good -> good.substring(0, good.length() / 2));
    }

    /**
     * The good answer, filled up with blanks.
     *
     * @param bytes length of the body, for example 2 MiB
     * @return the answer
     */
    static Answer padded(int bytes) {
        return changed(good -> good + " ".repeat(bytes - good.length()));
    }

    /**
     * The good answer, each of its values in an array and each number as a boolean.
     *
     * @return the answer
     */
    static Answer wrongTypes() {
        return changed(
                good ->
                        map(
                                        read(good),
                                        value ->
                                                value instanceof JsonNumber
                                                        ? JsonValue.TRUE
                                                        : Json.createArrayBuilder()
                                                                .add(value)
                                                                .build())
                                .toString());
    }

    /**
     * The good answer, with every number as text.
     *
     * @return the answer
     */
    static Answer numbersAsText() {
        return changed(
                good ->
                        map(
                                        read(good),
                                        value ->
                                                value instanceof JsonNumber
                                                        ? Json.createValue(value.toString())
                                                        : value)
                                .toString());
    }

    /**
     * The good answer's body with another status.
     *
     * @param status the HTTP status
     * @return the answer
     */
    static Answer goodWithStatus(int status) {
        return (exchange, good) -> {
            var reply = good.get();
            new Reply(status, reply.type(), reply.body(), reply.fields()).send(exchange);
        };
    }

    /**
     * No answer. The connection stays open until the client closes it.
     *
     * @return the answer
     */
    static Answer silence() {
        return (exchange, good) -> exchange.stall();
    }

    /**
     * The good answer's head and half its body, then silence until the client closes.
     *
     * @return the answer
     */
    static Answer stallsHalfway() {
        return (exchange, good) -> {
            var reply = good.get();
            exchange.stallAfter(reply.body().length() / 2);
            reply.send(exchange);
        };
    }

    /**
     * The connection is reset before any answer.
     *
     * @return the answer
     */
    static Answer reset() {
        return (exchange, good) -> exchange.reset();
    }

    /**
     * How the service refuses: the status, and the same number as the body's code.
     *
     * @param code the status
     * @param message for people
     * @return what is sent
     */
    static Reply refused(int code, String message) {
        return Reply.json(code, body(code, message));
    }

    private static Answer reply(Reply reply) {
        return (exchange, good) -> reply.send(exchange);
    }

    private static Answer changed(Function<String, String> change) {
        return (exchange, good) -> {
            var reply = good.get();
            reply.withBody(change.apply(reply.body())).send(exchange);
        };
    }

    /** The body of an answer that only has a code and a message. */
    static String body(int code, String message) {
        return Json.createObjectBuilder().add("code", code).add("msg", message).build().toString();
    }

    private static JsonValue read(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }

    private static JsonValue map(JsonValue value, Function<JsonValue, JsonValue> leaf) {
        if (value instanceof JsonObject object) {
            var mapped = Json.createObjectBuilder();
            object.forEach((name, member) -> mapped.add(name, map(member, leaf)));
            return mapped.build();
        }
        if (value instanceof JsonArray array) {
            var mapped = Json.createArrayBuilder();
            array.forEach(member -> mapped.add(map(member, leaf)));
            return mapped.build();
        }
        return leaf.apply(value);
    }
}
