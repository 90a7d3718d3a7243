package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A proxy connections are tunnelled through.
 *
 * @param kind what it speaks
 * @param host as {@link Target#host} has it
 * @param port from 1
 * @param login for the proxy alone, or null
 */
record Proxy(Kind kind, String host, int port, @Nullable Login login) {
    private static final int USUAL_PORT = 1080;

    enum Kind {
        HTTP,
        SOCKS5
    }

    /**
     * Reads {@code [scheme://][user[:password]@]host[:port]}, as the usual environment variables
     * have it. Without a scheme it is an HTTP proxy.
     *
     * @throws IllegalArgumentException if it is none; the message does not quote it
     */
    static Proxy parse(String text) {
        var mark = text.indexOf("://");
        var scheme = mark < 0 ? "http" : text.substring(0, mark).toLowerCase(Locale.ROOT);
        var kind =
                switch (scheme) {
                    case "http" -> Kind.HTTP;
                    // Who resolves names is not the variable's to say: it is always us.
                    case "socks5", "socks5h" -> Kind.SOCKS5;
                    default ->
                            throw new IllegalArgumentException(
                                    "it is neither an http:// nor a socks5:// proxy");
                };
        var rest = (mark < 0 ? text : text.substring(mark + 3)).split("[/?#]", 2)[0];
        var at = rest.lastIndexOf('@');
        var login = at < 0 ? null : Login.ofUserInformation(rest.substring(0, at));
        var place = rest.substring(at + 1);
        try {
            var target = Target.of(new URI("http://" + place));
            return new Proxy(
                    kind,
                    target.host(),
                    place.matches(".*:\\d+") ? target.port() : USUAL_PORT,
                    login);
        } catch (DownloadException | URISyntaxException e) {
            throw new IllegalArgumentException("it names no host", e);
        }
    }

    /** The same proxy with credentials. */
    Proxy with(@Nullable Login other) {
        return new Proxy(kind, host, port, other);
    }

    /** What messages may show. */
    String shown() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return kind + " " + shown();
    }
}
