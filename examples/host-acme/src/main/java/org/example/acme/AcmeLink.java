package org.example.acme;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * What a link of this host says.
 *
 * @param address the same place as the web server knows it: http, and nothing but host and path
 */
record AcmeLink(URI address) {
    private static final String SCHEME = "acme";

    /** Never throws; empty for everything that is no acme link. */
    static Optional<AcmeLink> of(String link) {
        try {
            var uri = new URI(link);
            var host = uri.getHost();
            if (!SCHEME.equalsIgnoreCase(uri.getScheme())
                    || host == null
                    || uri.getUserInfo() != null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null) {
                return Optional.empty();
            }
            var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            var address =
                    new URI("http://" + host.toLowerCase(Locale.ROOT) + port + path).normalize();
            return address.getRawPath().startsWith("/..")
                    ? Optional.empty()
                    : Optional.of(new AcmeLink(address));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Equal for all links that mean the same file. */
    String canonical() {
        return SCHEME + "://" + address.getRawAuthority() + address.getRawPath();
    }

    boolean isFolder() {
        return address.getRawPath().endsWith("/");
    }

    /** The last part of the path, as a person reads it. */
    String name() {
        var parts = address.getPath().split("/");
        return parts.length == 0 ? address.getHost() : parts[parts.length - 1];
    }
}
