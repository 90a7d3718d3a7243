package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one reading of a URL, for the check and for the connection (S2).
 *
 * @param secure whether it is https
 * @param host in lower case and ASCII, without brackets and without the dot of a rooted name
 * @param port from 1
 * @param path raw path and query, ASCII
 * @param user raw user information, never shown, or null
 */
public record Target(boolean secure, String host, int port, String path, @Nullable String user) {
    private static final Pattern AUTHORITY =
            Pattern.compile("^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?]*");
    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");

    /**
     * Reads a URL.
     *
     * @throws DownloadException with BLOCKED for another scheme, PROTOCOL for a malformed one
     */
    public static Target of(URI uri) throws DownloadException {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    "Links of scheme \"" + scheme + "\" are refused; only http and https are open");
        }
        var authority = uri.getRawAuthority();
        if (authority == null) {
            throw malformed("it names no host");
        }
        var at = authority.lastIndexOf('@');
        var user = at < 0 ? null : authority.substring(0, at);
        var place = authority.substring(at + 1);
        var bracket = place.lastIndexOf(']');
        var colon = place.indexOf(':', Math.max(0, bracket));
        var host = colon < 0 ? place : place.substring(0, colon);
        var secure = scheme.equals("https");
        var port = colon < 0 || colon == place.length() - 1 ? 0 : port(place.substring(colon + 1));
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Target(
                secure,
                host(host),
                port > 0 ? port : secure ? 443 : 80,
                ascii(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery()),
                user);
    }

    /**
     * Follows a Location field, however sloppily it is written.
     *
     * @throws DownloadException with BLOCKED or PROTOCOL
     */
    public Target follow(String location) throws DownloadException {
        try {
            // Field bytes arrive as ISO 8859-1, so each character is one byte.
            var clean = tidy(location.strip().split("#", 2)[0]);
            var base = new URI(origin() + path);
            var next =
                    clean.startsWith("?")
                            ? new URI(origin() + path.split("\\?", 2)[0] + clean)
                            : base.resolve(new URI(clean));
            // User information in a redirect is somebody else's idea.
            return of(next).withoutUser();
        } catch (URISyntaxException e) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL, shown() + " redirects to a malformed address");
        }
    }

    /** The same without user information. */
    Target withoutUser() {
        return user == null ? this : new Target(secure, host, port, path, null);
    }

    /** Scheme, host and port. */
    public String origin() {
        return (secure ? "https://" : "http://") + hostField();
    }

    /** Host as a field and a person know it, with the port where it is not the scheme's own. */
    public String hostField() {
        var name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (secure ? 443 : 80) ? name : name + ":" + port;
    }

    /** Whether scheme, host and port are the same. */
    public boolean sameOrigin(Target other) {
        return secure == other.secure && port == other.port && host.equals(other.host);
    }

    /** What messages may show: the host. */
    public String shown() {
        return hostField();
    }

    @Override
    public String toString() {
        return origin() + "/…";
    }

    private static String host(String raw) throws DownloadException {
        var host = raw;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            var zone = host.indexOf('%');
            host = zone < 0 ? host : host.substring(0, zone);
            if (!host.matches("[0-9A-Fa-f:.]+") || host.indexOf(':') < 0) {
                throw malformed("its host is no address");
            }
            return host.toLowerCase(Locale.ROOT);
        }
        try {
            if (!host.chars().allMatch(c -> c < 128)) {
                host = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
            }
        } catch (IllegalArgumentException e) {
            throw malformed("its host is no name");
        }
        host = host.toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        if (!host.matches("[0-9a-z_](?:[0-9a-z._-]{0,252})") || host.contains("..")) {
            throw malformed("its host is no name");
        }
        return host;
    }

    private static int port(String text) throws DownloadException {
        if (text.matches("\\d{1,5}")) {
            var port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        }
        throw malformed("its port is not between 1 and 65535");
    }

    /** Percent-encodes the bytes of a field that may not stand in a URI. */
    private static String tidy(String field) {
        var clean = new StringBuilder(field.length());
        var pathStart = AUTHORITY.matcher(field).replaceFirst("").length();
        for (var i = 0; i < field.length(); i++) {
            var c = field.charAt(i);
            var inPath = i >= field.length() - pathStart;
            var illegal = c <= 0x20 || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0;
            var bracket = inPath && (c == '[' || c == ']');
            var loneSign = c == '%' && !ESCAPE.matcher(field).region(i, field.length()).lookingAt();
            if (illegal || bracket || loneSign) {
                escape(clean, (byte) c);
            } else {
                clean.append(c);
            }
        }
        return clean.toString();
    }

    /** Percent-encodes what is not ASCII, as UTF-8. */
    private static String ascii(String text) {
        var clean = new StringBuilder(text.length());
        for (var b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b < 0) {
                escape(clean, b);
            } else {
                clean.append((char) b);
            }
        }
        return clean.toString();
    }

    private static void escape(StringBuilder text, byte b) {
        text.append('%').append(hex(b >> 4)).append(hex(b));
    }

    private static char hex(int nibble) {
        return "0123456789ABCDEF".charAt(nibble & 15);
    }

    private static DownloadException malformed(String why) {
        return new DownloadException(ErrorClass.PROTOCOL, "The address is malformed: " + why);
    }
}
