package dev.capstan.admin.rest.http;

import dev.capstan.download.ErrorClass;

/** Ends a request with a problem document (RFC 9457). The message is for the user. */
public final class ProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /**
     * A problem.
     *
     * @param status the HTTP status
     * @param code from the fixed list of codes, such as {@code NOT_FOUND}
     * @param detail what is so and what to do, in a sentence
     */
    public ProblemException(int status, String code, String detail) {
        super(detail);
        this.status = status;
        this.code = code;
    }

    /** What is asked for is not here. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(404, "NOT_FOUND", detail);
    }

    /** The request is malformed. */
    public static ProblemException malformed(String detail) {
        return new ProblemException(400, "MALFORMED", detail);
    }

    /** A source did not give what was asked for: this host is a gateway to it. */
    public static ProblemException ofSource(ErrorClass errorClass, String detail) {
        return new ProblemException(502, errorClass.name(), detail);
    }

    /** A part of the host is not there now. */
    public static ProblemException missing(String part) {
        return new ProblemException(
                503, "UNAVAILABLE", "This host runs without " + part + " at the moment.");
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What a program decides by. */
    public String code() {
        return code;
    }
}
