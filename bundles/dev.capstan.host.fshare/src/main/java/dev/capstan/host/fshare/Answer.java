package dev.capstan.host.fshare;

import dev.capstan.net.spi.OutboundResponse;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer of the service, taken apart without believing it (F22). */
final class Answer {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int TEXT_MOST = 2_000;

    private final OutboundResponse response;
    private final Fields fields;
    private final @Nullable JsonArray array;
    private final @Nullable Integer bodyCode;

    private Answer(OutboundResponse response, @Nullable JsonValue body) {
        this.response = response;
        fields =
                new Fields(
                        body instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT);
        array = body instanceof JsonArray list ? list : null;
        var code = fields.number("code");
        bodyCode = code == null || code < 0 || code > 9_999 ? null : code.intValue();
    }

    static Answer of(OutboundResponse response) {
        return new Answer(response, parsed(response.text()));
    }

    private static @Nullable JsonValue parsed(String text) {
        // The parser takes what follows a byte order mark, and the service may begin with one.
        var body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try (var reader = Json.createReader(new StringReader(body))) {
            return reader.readValue();
        } catch (RuntimeException e) {
            // Not only JsonException: what is nested too deep is a bare one.
            return null;
        }
    }

    /** What the answer counts as: the code in its body, or else its status. */
    int code() {
        return bodyCode != null ? bodyCode : response.status();
    }

    /** Whether the service said so in the body, and no server before it in the status. */
    boolean isCodeOfBody() {
        return bodyCode != null;
    }

    /** Whether there should be something in it; 201 stands for a lost session. */
    boolean isSuccess() {
        return code() >= OK && code() < 300 && code() != CREATED;
    }

    Fields fields() {
        return fields;
    }

    /** The list the body is, or null. */
    @Nullable JsonArray array() {
        return array;
    }

    /** What the service says in words. A page made for people is none. */
    String message() {
        var said = fields.text("msg");
        if (said != null) {
            return said;
        }
        var text = response.text().strip();
        var isWords = !text.startsWith("<") && !text.startsWith("{") && !text.startsWith("[");
        return !isWords ? "" : text.substring(0, Math.min(text.length(), TEXT_MOST));
    }

    /** How long the service asks to wait. */
    Optional<Duration> retryAfter(Instant now) {
        return response.header("Retry-After").flatMap(text -> retryAfter(text.strip(), now));
    }

    private static Optional<Duration> retryAfter(String text, Instant now) {
        try {
            if (text.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            var wait = Duration.between(now, date.toInstant());
            return wait.isNegative() ? Optional.empty() : Optional.of(wait);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
