package dev.capstan.host.spi;

import java.net.URI;
import java.util.Map;

/**
 * A temporary address of a file's bytes. Lives in memory only: it is never stored, logged or
 * posted.
 *
 * @param uri http, https, or file for the operator's own files
 * @param headers fields for this address; they stay on its origin
 * @param foreign whether a third party named the address, and not whoever gave the link: it must be
 *     a public one then, whatever the trust (S1)
 */
public record DirectLink(URI uri, Map<String, String> headers, boolean foreign) {

    /** Creates a link; headers are copied. */
    public DirectLink {
        headers = Map.copyOf(headers);
    }

    /**
     * A link that reaches as far as whoever gave it.
     *
     * @param uri the address
     * @param headers fields for this address
     */
    public DirectLink(URI uri, Map<String, String> headers) {
        this(uri, headers, false);
    }

    /**
     * A link without own headers.
     *
     * @param uri the address
     * @return the link
     */
    public static DirectLink of(URI uri) {
        return new DirectLink(uri, Map.of());
    }

    /** The origin only: path, query and headers may be secret. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getHost() + "/…";
    }
}
