package dev.capstan.admin.rest.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/** Percent-encoding (RFC 3986 §2.1). */
public final class Percent {
    private Percent() {}

    /** Text as one part of a path, or as a value of a header (RFC 8187). */
    public static String encode(String text) {
        // What is made for forms has its own way with blanks, and leaves the star.
        return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("*", "%2A");
    }
}
