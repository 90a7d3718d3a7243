package dev.capstan.transfer.spi;

import dev.capstan.content.Digest;
import java.util.Set;

/**
 * How a transfer ended when it did not fail.
 *
 * @param end how
 * @param digests digests of the whole wire file that answers promised, trailers included
 * @param lengthVerified false if only the closing of a connection marked the end (RFC 9112 §6.3)
 */
public record TransferResult(End end, Set<Digest> digests, boolean lengthVerified) {

    /** The ways to end. */
    public enum End {
        /** All bytes are in the ingest. */
        COMPLETE,
        /** The source still has the version that was known; nothing was written. */
        NOT_MODIFIED,
        /** {@link Transfer#stop} was called, or the engine is going; all that arrived is kept. */
        STOPPED
    }

    /** Creates a result; digests are copied. */
    public TransferResult {
        digests = Set.copyOf(digests);
    }
}
