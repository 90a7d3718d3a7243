package dev.capstan.admin.rest.http;

import dev.capstan.admin.rest.json.Fields;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole answer.
 *
 * @param status the HTTP status
 * @param mediaType of the body
 * @param body its text; empty for an answer without a body
 * @param headers what its head tells beside the usual
 */
public record Reply(int status, String mediaType, String body, Map<String, String> headers)
        implements Answer {

    /** An answer with nothing special in its head. */
    public Reply(int status, String mediaType, String body) {
        this(status, mediaType, body, Map.of());
    }

    /** JSON. */
    public static Reply json(int status, JsonObject body) {
        return new Reply(status, "application/json", body.toString());
    }

    /** Nothing but a status. */
    public static Reply empty(int status) {
        return new Reply(status, "", "");
    }

    /** A problem document (RFC 9457). */
    public static Reply of(ProblemException problem) {
        return new Reply(
                problem.status(),
                "application/problem+json",
                document(problem).toString(),
                problem.headers());
    }

    /** What a problem document tells, for whoever lists several. */
    public static JsonObject document(ProblemException problem) {
        var document =
                new Fields()
                        .put("type", "about:blank")
                        .put("title", title(problem.status()))
                        .put("status", problem.status())
                        .put("detail", String.valueOf(problem.getMessage()))
                        .put("code", problem.code());
        problem.members().forEach(document::put);
        return document.object();
    }

    /** The same with one more line in its head. */
    public Reply with(String header, String value) {
        var all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Reply(status, mediaType, body, all);
    }

    /** Sends it. */
    public void send(HttpServletResponse response) throws IOException {
        send(response, false);
    }

    /**
     * Sends it; answers are never kept by anybody on the way.
     *
     * @param headOnly whether the body is only told of, as HEAD wants it
     */
    public void send(HttpServletResponse response, boolean headOnly) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        if (!mediaType.isEmpty()) {
            response.setHeader("Content-Type", mediaType);
        }
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        headers.forEach(response::setHeader);
        if (status != 204) {
            response.setContentLength(bytes.length);
        }
        if (!headOnly) {
            response.getOutputStream().write(bytes);
        }
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 421 -> "Misdirected Request";
            case 422 -> "Unprocessable Content";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Internal Server Error";
        };
    }
}
