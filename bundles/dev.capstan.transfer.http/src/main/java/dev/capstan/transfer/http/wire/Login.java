package dev.capstan.transfer.http.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A name and its password. Neither is ever shown. */
record Login(String user, String password) {
    private static final String BASIC = "Basic ";

    /** Reads the user information of a URL; what is not encoded well is taken as it is. */
    static Login ofUserInformation(String raw) {
        var parts = raw.split(":", 2);
        return new Login(decode(parts[0]), parts.length == 1 ? "" : decode(parts[1]));
    }

    /** Reads the value of an Authorization field; null if it is not of the Basic scheme. */
    static @Nullable Login ofBasic(String value) {
        if (!value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            var bytes = Base64.getDecoder().decode(value.substring(BASIC.length()).strip());
            var parts = new String(bytes, StandardCharsets.UTF_8).split(":", 2);
            return parts.length == 1 ? null : new Login(parts[0], parts[1]);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The value of an Authorization or Proxy-Authorization field (RFC 7617). */
    String basic() {
        var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return BASIC + Base64.getEncoder().encodeToString(pair);
    }

    @Override
    public String toString() {
        return "Login[…]";
    }

    private static String decode(String text) {
        try {
            // A plus is a plus here, not a space.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
