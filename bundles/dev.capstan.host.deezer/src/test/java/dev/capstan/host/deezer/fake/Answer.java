package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Reply;
import dev.capstan.tck.script.Fault;
import jakarta.json.Json;
import java.io.IOException;
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
     *     Endpoint#PREVIEW}
     * @throws IOException if the peer is gone, or to end the connection
     */
    void give(Exchange exchange, Supplier<Reply> good) throws IOException;

    /**
     * The way the public API refuses: HTTP 200 and an error object.
     *
     * @param code 4, 100, 200, 300, 500, 501, 600, 700, 800, 901 or another
     * @param type for example {@code DataException}
     * @param message for people
     * @return the answer
     */
    static Answer error(int code, String type, String message) {
        return reply(refused(code, type, message));
    }

    /**
     * Too many calls: error 4.
     *
     * @return the answer
     */
    static Answer quota() {
        return error(4, "Exception", "Quota limit exceeded");
    }

    /**
     * A status with a page for people.
     *
     * @param status the HTTP status, 200 included
     * @param title what the page says
     * @return the answer
     */
    static Answer html(int status, String title) {
        return reply(Reply.html(status, title));
    }

    /**
     * A text that claims to be JSON.
     *
     * @param body any text
     * @return the answer
     */
    static Answer json(String body) {
        return reply(Reply.of(200, "application/json; charset=UTF-8", body));
    }

    /**
     * The good answer, cut in the middle; its length fits what is left.
     *
     * @return the answer
     */
    static Answer truncated() {
        return (exchange, good) -> {
            var reply = good.get();
            var half = reply.body().substring(0, reply.body().length() / 2);
            reply.withBody(half).send(exchange);
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
     * How the public API refuses: HTTP 200 and an error object.
     *
     * @param code its number
     * @param type its kind
     * @param message for people
     * @return what is sent
     */
    static Reply refused(int code, String type, String message) {
        var error =
                Json.createObjectBuilder()
                        .add("type", type)
                        .add("message", message)
                        .add("code", code);
        return Reply.json(Json.createObjectBuilder().add("error", error).build());
    }

    private static Answer reply(Reply reply) {
        return (exchange, good) -> reply.send(exchange);
    }
}
