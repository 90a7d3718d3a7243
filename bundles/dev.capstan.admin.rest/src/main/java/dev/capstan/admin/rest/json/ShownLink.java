package dev.capstan.admin.rest.json;

import java.util.regex.Pattern;

/**
 * A link as it may be shown to whoever reads a list (S5): without user information, and with the
 * values of parameters that are keys to something put out of sight.
 */
final class ShownLink {
    private static final Pattern USER =
            Pattern.compile("(?<=^[A-Za-z][A-Za-z0-9+.-]{0,15}://)[^/?#\\\\]*@");

    private static final Pattern SECRET =
            Pattern.compile(
                    "(?i)(?<=[?&;#])((?:[a-z0-9_.-]*[_.-])?(?:token|apikey|api[_-]?key|key|secret|password|passwd|pwd|pass|auth|signature|sig|session|sid|credential))=[^&;#]*");

    private ShownLink() {}

    static String of(String link) {
        var bare = USER.matcher(link).replaceFirst("");
        return SECRET.matcher(bare).replaceAll("$1=***");
    }
}
