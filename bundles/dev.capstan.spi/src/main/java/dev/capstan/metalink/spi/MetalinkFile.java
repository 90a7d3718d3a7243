package dev.capstan.metalink.spi;

import dev.capstan.content.Digest;
import dev.capstan.content.Pieces;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file of a Metalink document.
 *
 * @param name relative, of sane segments joined by slashes
 * @param size bytes, or null if it is not told
 * @param digest the best one that is told, or null
 * @param pieces those of the wire bytes, or null
 * @param addresses where it is, whole http and https ones, the preferred first; may be empty
 */
public record MetalinkFile(
        String name,
        @Nullable Long size,
        @Nullable Digest digest,
        @Nullable Pieces pieces,
        List<URI> addresses) {

    /** Creates a file; addresses are copied. */
    public MetalinkFile {
        addresses = List.copyOf(addresses);
    }

    /**
     * The last segment of its name.
     *
     * @return without a folder
     */
    public String lastName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /**
     * The folder its name begins with.
     *
     * @return null if it has none
     */
    public @Nullable String folder() {
        var slash = name.lastIndexOf('/');
        return slash < 0 ? null : name.substring(0, slash);
    }
}
