package dev.capstan.admin.web;

import java.io.IOException;
import java.net.URL;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * One file of the page as it is sent. Immutable, apart from the bytes, which nobody changes.
 *
 * @param tag its entity tag (RFC 9110, 8.8.3), which only its bytes decide
 */
record Resource(String type, String tag, byte[] bytes) {
    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html;charset=utf-8",
                    "js", "text/javascript;charset=utf-8",
                    "css", "text/css;charset=utf-8",
                    "svg", "image/svg+xml;charset=utf-8");

    private static final int TAG_BYTES = 12;

    /** Reads a file; empty where it is none that a browser is to have. */
    static Optional<Resource> of(URL file) throws IOException {
        var path = file.getPath();
        var type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null) {
            return Optional.empty();
        }
        try (var in = file.openStream()) {
            var bytes = in.readAllBytes();
            return Optional.of(new Resource(type, tag(bytes), bytes));
        }
    }

    /** Tells whether a request that names tags (RFC 9110, 13.1.2) has these bytes already. */
    boolean isKnownBy(String ifNoneMatch) {
        for (var each : ifNoneMatch.split(",")) {
            var one = each.strip();
            if (one.equals("*") || one.equals(tag) || one.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }

    private static String tag(byte[] bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            var text = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
            return '"' + text.substring(0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
