package dev.capstan.admin.rest.http;

import dev.capstan.download.Download;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.RefusedException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ends a request with a problem document (RFC 9457). The message is for the user. */
public final class ProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient Map<String, String> members;
    private final transient Map<String, String> headers;

    /**
     * A problem.
     *
     * @param status the HTTP status
     * @param code from the fixed list of codes, such as {@code NOT_FOUND}
     * @param detail what is so and what to do, in a sentence
     */
    public ProblemException(int status, String code, String detail) {
        this(status, code, detail, Map.of(), Map.of());
    }

    private ProblemException(
            int status,
            String code,
            String detail,
            Map<String, String> members,
            Map<String, String> headers) {
        super(detail);
        this.status = status;
        this.code = code;
        this.members = Map.copyOf(members);
        this.headers = Map.copyOf(headers);
    }

    /** What is asked for is not here. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(404, "NOT_FOUND", detail);
    }

    /** The request is malformed. */
    public static ProblemException malformed(String detail) {
        return new ProblemException(400, "MALFORMED", detail);
    }

    /** It has to be told who asks. */
    public static ProblemException unauthorized(String detail) {
        return new ProblemException(
                401,
                "UNAUTHORIZED",
                detail,
                Map.of(),
                Map.of("WWW-Authenticate", "Bearer realm=\"capstan\""));
    }

    /** It failed for a reason that is nobody's business but the log's. */
    public static ProblemException internal() {
        return new ProblemException(500, "INTERNAL", "It failed inside; the log says why.");
    }

    /** There is more of it than is taken; what is left is not read any more. */
    public static ProblemException tooLarge(String detail) {
        return new ProblemException(
                413, "TOO_LARGE", detail, Map.of(), Map.of("Connection", "close"));
    }

    /** Somebody guesses. */
    public static ProblemException tooManyTries(Duration wait) {
        return new ProblemException(
                429,
                "TOO_MANY_TRIES",
                "Too many wrong tokens; wait a minute.",
                Map.of(),
                Map.of("Retry-After", Long.toString(wait.toSeconds())));
    }

    /** The path does not take this method. */
    public static ProblemException method(Set<String> taken) {
        var methods = String.join(", ", taken);
        return new ProblemException(
                405,
                "METHOD",
                "This path takes " + methods + ".",
                Map.of(),
                Map.of("Allow", methods));
    }

    /** The queue refused it. */
    public static ProblemException of(RefusedException refusal) {
        var message = String.valueOf(refusal.getMessage());
        return switch (refusal.reason()) {
            case NOT_FOUND -> notFound(message);
            case ILLEGAL_MOVE ->
                    new ProblemException(
                            409,
                            "ILLEGAL_MOVE",
                            message,
                            refusal.state()
                                    .map(state -> Map.of("state", state.name()))
                                    .orElse(Map.of()),
                            Map.of());
            case UNAVAILABLE -> unavailable(message);
            case BLOCKED -> new ProblemException(403, "BLOCKED", message);
            case INVALID -> malformed(message);
            case UNSUPPORTED, HOST_MISSING ->
                    new ProblemException(422, refusal.reason().name(), message);
        };
    }

    /** Something of the same kind is here already. */
    public static ProblemException existing(Download download, String detail) {
        return new ProblemException(
                409,
                "EXISTS",
                detail,
                Map.of("existing", download.id(), "state", download.state().name()),
                Map.of());
    }

    /** A source did not give what was asked for: this host is a gateway to it. */
    public static ProblemException ofSource(ErrorClass errorClass, String detail) {
        return new ProblemException(502, errorClass.name(), detail);
    }

    /** It cannot be done now. */
    public static ProblemException unavailable(String detail) {
        return new ProblemException(503, "UNAVAILABLE", detail);
    }

    /**
     * A service that may be away.
     *
     * @param part what it is, in words
     */
    public static <T> T present(@Nullable T service, String part) throws ProblemException {
        if (service == null) {
            throw unavailable("This host runs without " + part + " at the moment.");
        }
        return service;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What a program decides by. */
    public String code() {
        return code;
    }

    /** What the problem document tells beside the usual. */
    public Map<String, String> members() {
        return members;
    }

    /** What the answer tells in its head. */
    public Map<String, String> headers() {
        return headers;
    }
}
