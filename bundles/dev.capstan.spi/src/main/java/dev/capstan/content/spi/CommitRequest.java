package dev.capstan.content.spi;

import dev.capstan.content.Digest;
import java.util.Set;

/**
 * What must hold before content becomes visible.
 *
 * @param plain digests the plain bytes must have
 * @param wire digests the wire bytes must have; the same where there is no cipher
 */
public record CommitRequest(Set<Digest> plain, Set<Digest> wire) {

    /** Creates a request; sets are copied. */
    public CommitRequest {
        plain = Set.copyOf(plain);
        wire = Set.copyOf(wire);
    }
}
