package dev.capstan.download.provider;

import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A link as a user gave it, taken apart as far as the choice of its host needs it. What is behind
 * the authority is the host's business.
 *
 * @param text the link without user information
 * @param scheme its scheme, lower case; of shorthand such as {@code track_5} the word before the
 *     number, with its underscore
 * @param hostName the name in its authority, lower case, without a trailing dot; empty if it has
 *     none
 * @param origin scheme and authority, without user information
 * @param userInfo what stood before the {@code @} in its authority, still encoded, or null
 */
record Link(String text, String scheme, String hostName, String origin, @Nullable String userInfo) {
    private static final int LONGEST = 16 * 1024;
    private static final int SHOWN = 160;

    /** User information, also where slashes before it are missing. */
    private static final Pattern USER = Pattern.compile("(?<=:/{0,2})[^/?#\\\\]*@");

    /** What stands for a scheme where there is none; a real one has no underscore. */
    private static final Pattern SHORTHAND = Pattern.compile("([a-z]+_)[0-9]");

    /**
     * Takes a link apart.
     *
     * @throws RefusedException if no host could make anything of it
     */
    static Link parse(String given) throws RefusedException {
        var link = given.strip();
        if (link.isEmpty()) {
            throw refused("The link is empty.");
        }
        if (link.length() > LONGEST) {
            throw refused("The link is longer than " + LONGEST + " characters.");
        }
        if (link.chars().anyMatch(Character::isISOControl)) {
            throw refused("The link contains a control character.");
        }
        var colon = link.indexOf(':');
        if (colon < 1 || !isScheme(link, colon)) {
            var shorthand = SHORTHAND.matcher(link);
            if (shorthand.lookingAt()) {
                return new Link(link, shorthand.group(1), "", shorthand.group(1), null);
            }
            throw refused(
                    shown(link) + " is not a link: it begins with no scheme such as https://.");
        }
        var scheme = link.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!link.startsWith("//", colon + 1)) {
            if (isWeb(scheme)) {
                throw refused(shown(link) + " is malformed: after " + scheme + ": comes //.");
            }
            return new Link(link, scheme, "", scheme + ":", null);
        }
        return withAuthority(link, scheme, colon + 3);
    }

    /** The origin of a link that was taken apart before. */
    static String originOf(String link) {
        try {
            return parse(link).origin();
        } catch (RefusedException e) {
            return "";
        }
    }

    /** Tells whether links of a scheme are shared out among hosts by domain. */
    static boolean isWeb(String scheme) {
        return scheme.equals("http") || scheme.equals("https");
    }

    /** A link as it may stand in a sentence: without whoever's password is in it. */
    static String shown(String link) {
        var bare = USER.matcher(link).replaceFirst("");
        return bare.length() <= SHOWN ? bare : bare.substring(0, SHOWN) + "…";
    }

    private static Link withAuthority(String link, String scheme, int from)
            throws RefusedException {
        var to = from;
        while (to < link.length() && "/?#\\".indexOf(link.charAt(to)) < 0) {
            to++;
        }
        var at = link.lastIndexOf('@', to - 1);
        var hasUser = at >= from;
        var authority = link.substring(hasUser ? at + 1 : from, to);
        var text = hasUser ? link.substring(0, from) + link.substring(at + 1) : link;
        var name = nameOf(authority, text, scheme);
        return new Link(
                text,
                scheme,
                name,
                scheme + "://" + authority.toLowerCase(Locale.ROOT),
                hasUser ? link.substring(from, at) : null);
    }

    private static String nameOf(String authority, String text, String scheme)
            throws RefusedException {
        var portAt = authority.lastIndexOf(':');
        if (portAt >= 0 && authority.indexOf(']', portAt) >= 0) {
            // A colon inside the brackets of an IPv6 address.
            portAt = -1;
        }
        var name = portAt < 0 ? authority : authority.substring(0, portAt);
        if (isWeb(scheme)) {
            if (name.isEmpty()) {
                throw refused(shown(text) + " is malformed: it names no host.");
            }
            if (portAt >= 0 && !isPort(authority.substring(portAt + 1))) {
                throw refused(shown(text) + " is malformed: its port is not one of 1 to 65535.");
            }
        }
        var lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static boolean isPort(String text) {
        if (text.isEmpty()) {
            return true;
        }
        if (text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        var port = Integer.parseInt(text);
        return port >= 1 && port <= 65_535;
    }

    private static boolean isScheme(String link, int colon) {
        for (var i = 0; i < colon; i++) {
            var c = link.charAt(i);
            var letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            var other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!letter && !(i > 0 && other)) {
                return false;
            }
        }
        return true;
    }

    private static RefusedException refused(String message) {
        return new RefusedException(Reason.INVALID, message);
    }
}
