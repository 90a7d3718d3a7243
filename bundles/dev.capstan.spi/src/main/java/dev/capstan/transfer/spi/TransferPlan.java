package dev.capstan.transfer.spi;

import dev.capstan.content.Pieces;
import dev.capstan.content.Validator;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transfer is to fetch and how. Lives in memory only.
 *
 * @param id the download's id, for names of threads and log lines
 * @param links where the bytes are, preferred first; all of the same bytes
 * @param linksExpire whether 403 and 410 mean LINK_EXPIRED and not ACCOUNT or NOT_FOUND
 * @param size promised wire size, −1 if unknown
 * @param maxConnections most connections, 0 for the engine's own judgement
 * @param limitBytesPerSecond most bytes a second, 0 for none
 * @param firstByteWithin how long attempts may go on before the first byte, or null for the
 *     engine's own limits
 * @param trust who gave the link (S1)
 * @param known the version that is already in the store: the first request is conditional, and an
 *     unchanged source moves no body; null if nothing is there
 * @param digestPromised whether commit will compare a digest, so that bytes without a validator may
 *     be resumed
 * @param pieces digests of the pieces of the wire bytes, so that what is damaged is fetched again
 *     alone; null if there are none
 * @param maxBytes most bytes the source may have, 0 for no limit: one that tells more is refused
 *     before the body, one that tells nothing is stopped where it goes further; BLOCKED with detail
 *     TOO_BIG
 */
public record TransferPlan(
        String id,
        List<DirectLink> links,
        boolean linksExpire,
        long size,
        int maxConnections,
        long limitBytesPerSecond,
        @Nullable Duration firstByteWithin,
        Trust trust,
        @Nullable Validator known,
        boolean digestPromised,
        @Nullable Pieces pieces,
        long maxBytes) {

    /** Creates a plan; links are copied. */
    public TransferPlan {
        links = List.copyOf(links);
    }

    /**
     * A plan for a file of any size without digests of pieces.
     *
     * @param id the download's id
     * @param links where the bytes are
     * @param linksExpire whether 403 and 410 mean LINK_EXPIRED
     * @param size promised wire size, −1 if unknown
     * @param maxConnections most connections, 0 for the engine's own judgement
     * @param limitBytesPerSecond most bytes a second, 0 for none
     * @param firstByteWithin how long attempts may go on before the first byte, or null
     * @param trust who gave the link
     * @param known the version that is already in the store, or null
     * @param digestPromised whether commit will compare a digest
     */
    public TransferPlan(
            String id,
            List<DirectLink> links,
            boolean linksExpire,
            long size,
            int maxConnections,
            long limitBytesPerSecond,
            @Nullable Duration firstByteWithin,
            Trust trust,
            @Nullable Validator known,
            boolean digestPromised) {
        this(
                id,
                links,
                linksExpire,
                size,
                maxConnections,
                limitBytesPerSecond,
                firstByteWithin,
                trust,
                known,
                digestPromised,
                null,
                0);
    }
}
