package dev.capstan.admin.rest.http;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A whole answer.
 *
 * @param status the HTTP status
 * @param mediaType of the body
 * @param body its text
 */
public record Reply(int status, String mediaType, String body) {

    /** JSON. */
    public static Reply json(int status, JsonObject body) {
        return new Reply(status, "application/json", body.toString());
    }

    /** A problem document (RFC 9457). */
    public static Reply of(ProblemException problem) {
        var body =
                Json.createObjectBuilder()
                        .add("type", "about:blank")
                        .add("title", title(problem.status()))
                        .add("status", problem.status())
                        .add("detail", String.valueOf(problem.getMessage()))
                        .add("code", problem.code())
                        .build();
        return new Reply(problem.status(), "application/problem+json", body.toString());
    }

    /** Sends it; answers are never kept by anybody on the way. */
    public void send(HttpServletResponse response) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Content-Type", mediaType);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 416 -> "Range Not Satisfiable";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
