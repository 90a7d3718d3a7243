package dev.capstan.transfer.http.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A way to authenticate that an origin offers (RFC 9110 §11.3).
 *
 * @param scheme in lower case
 * @param parameters by name in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {

    /** Reads WWW-Authenticate fields; from a malformed one, what comes before the fault. */
    static List<Challenge> parse(List<String> fields) {
        var all = new ArrayList<Challenge>();
        for (var field : fields) {
            new Reader(field, all).read();
        }
        return all;
    }

    /** The value of a parameter, or null. */
    @Nullable String get(String name) {
        return parameters.get(name);
    }

    private static final class Reader {
        private static final Pattern TOKEN68 =
                Pattern.compile("[A-Za-z0-9._~+/-]++=*+[ \\t]*+(?=,|$)");
        private static final String NO_TOKEN = "()<>@,;:\\\"/[]?={} \t";

        private final String text;
        private final List<Challenge> all;
        private int at;

        Reader(String text, List<Challenge> all) {
            this.text = text;
            this.all = all;
        }

        /** A list of challenges is ambiguous: only what follows tells a scheme from a parameter. */
        void read() {
            Challenge current = null;
            skip(", \t");
            for (var word = token(); !word.isEmpty(); word = token()) {
                skip(" \t");
                if (current != null && at < text.length() && text.charAt(at) == '=') {
                    at++;
                    skip(" \t");
                    var value = value();
                    if (value == null) {
                        return;
                    }
                    current.parameters.putIfAbsent(word.toLowerCase(Locale.ROOT), value);
                } else {
                    current = new Challenge(word.toLowerCase(Locale.ROOT), new HashMap<>());
                    all.add(current);
                    skipToken68();
                }
                skip(", \t");
            }
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private String token() {
            var from = at;
            while (at < text.length() && NO_TOKEN.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(from, at);
        }

        private @Nullable String value() {
            if (at == text.length() || text.charAt(at) != '"') {
                return token();
            }
            var value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                var c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && at + 1 < text.length()) {
                    c = text.charAt(++at);
                }
                value.append(c);
            }
            return null;
        }

        /** Skips what some schemes have in place of parameters. */
        private void skipToken68() {
            var token = TOKEN68.matcher(text).region(at, text.length());
            if (token.lookingAt()) {
                at = token.end();
            }
        }
    }
}
