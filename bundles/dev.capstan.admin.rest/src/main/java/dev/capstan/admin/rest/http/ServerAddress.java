package dev.capstan.admin.rest.http;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Where a web server answers, as its service properties tell. */
public final class ServerAddress {

    /** The property, of one or several. */
    public static final String PROPERTY = "osgi.http.endpoint";

    private ServerAddress() {}

    /** The first address, ending in a slash; empty where it has none. */
    public static Optional<URI> of(Map<String, Object> properties) {
        var endpoints = properties.get(PROPERTY);
        if (endpoints instanceof String[] many) {
            return many.length == 0 ? Optional.empty() : Optional.of(URI.create(many[0]));
        }
        return endpoints instanceof String one ? Optional.of(URI.create(one)) : Optional.empty();
    }
}
