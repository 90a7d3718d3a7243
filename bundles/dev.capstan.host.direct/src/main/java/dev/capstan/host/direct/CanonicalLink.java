package dev.capstan.host.direct;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one form of all links that mean the same file, by RFC 3986 §6.2 and as careful as it must be
 * for signed links: the query stays as it is but for characters that no URI may hold. What no two
 * programs would read alike is refused, not guessed.
 */
final class CanonicalLink {
    private static final int MAX_LENGTH = 32 * 1024;

    private static final Pattern HTTP =
            Pattern.compile(
                    "(https?)://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern AUTHORITY =
            Pattern.compile("(?:.*@)?(\\[.*]|[^:\\[\\]]+)(?::([0-9]{0,7}))?", Pattern.DOTALL);

    /** Nothing but a path: a question mark or a hash in a file's name is to be written encoded. */
    private static final Pattern FILE =
            Pattern.compile(
                    "file:(?://(?:localhost)?)?(/(?!/)[^?#]*)(#.*)?",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern NO_FILE_NAME = Pattern.compile("(?i).*%(?:00|2f).*");

    private CanonicalLink() {}

    /** Never throws; empty for everything that is no http, https or file link. */
    static Optional<String> of(String link) {
        if (link.length() > MAX_LENGTH || link.chars().anyMatch(Character::isISOControl)) {
            return Optional.empty();
        }
        try {
            var http = HTTP.matcher(link);
            if (http.matches()) {
                var scheme = http.group(1).toLowerCase(Locale.ROOT);
                var query = http.group(4);
                var canonical =
                        scheme
                                + "://"
                                + authority(http.group(2), scheme)
                                + path(http.group(3))
                                + (query == null ? "" : PercentEncoding.query(query))
                                + fragment(http.group(3), http.group(5));
                return new URI(canonical).getHost() == null
                        ? Optional.empty()
                        : Optional.of(canonical);
            }
            var file = FILE.matcher(link);
            if (file.matches() && !NO_FILE_NAME.matcher(file.group(1)).matches()) {
                var path = path(file.group(1)).replaceAll("/{2,}", "/");
                var fragment = file.group(2);
                return fragment != null && !Metalink.isPath(path)
                        ? Optional.empty()
                        : Optional.of(
                                new URI("file://" + path + fragment(path, fragment)).toString());
            }
        } catch (IllegalArgumentException | URISyntaxException e) {
            // Malformed, which is all there is to say about it.
        }
        return Optional.empty();
    }

    /** Names a file of a document that lists several, and means nothing elsewhere. */
    private static String fragment(String path, @Nullable String fragment) {
        return fragment == null || fragment.length() == 1 || !Metalink.isPath(path)
                ? ""
                : "#" + PercentEncoding.path(fragment.substring(1));
    }

    private static String authority(String authority, String scheme) {
        var matcher = AUTHORITY.matcher(authority);
        // Some programs end the host at a backslash, others begin it there.
        if (authority.indexOf('\\') >= 0 || !matcher.matches()) {
            throw new IllegalArgumentException();
        }
        var host = HostName.canonical(matcher.group(1));
        var digits = matcher.group(2);
        if (digits == null || digits.isEmpty()) {
            return host;
        }
        var port = Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException();
        }
        return port == (scheme.equals("https") ? 443 : 80) ? host : host + ":" + port;
    }

    private static String path(String path) {
        var segments = PercentEncoding.path(path).split("/", -1);
        var kept = new ArrayList<String>();
        for (var i = 1; i < segments.length; i++) {
            var dots = segments[i].replace("%2E", ".");
            var goesUp = dots.equals("..");
            if (goesUp && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            if (!goesUp && !dots.equals(".")) {
                kept.add(segments[i]);
            } else if (i == segments.length - 1) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }
}
