package dev.capstan.host.spi;

import dev.capstan.download.DownloadException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A host: turns links into direct links or listings. Register it as a service with {@link #ID} and
 * {@link #SCHEMES} or {@link #DOMAINS}; it is in use within a second, and its downloads wait when
 * it goes.
 *
 * <p>It starts no download, keeps no state of downloads, opens no connection of its own ({@link
 * ResolveContext#http}), sleeps for nothing but its own call spacing, and retries nothing.
 *
 * <ul>
 *   <li><b>R1</b> {@link #recognise} does no I/O, never throws, and refuses everything that is not
 *       exactly its own: host names are compared whole.
 *   <li><b>R2</b> {@link #recognise} of a canonical link gives that link.
 *   <li><b>R3</b> {@link #resolve} is safe for many threads at once.
 *   <li><b>R4</b> {@link #resolve} ends within a second of interruption, in any phase.
 *   <li><b>R5</b> It ends before {@link ResolveContext#deadline()}; the caller interrupts it then.
 *   <li><b>R6</b> What the service answers is mapped to the fixed classes: 401 AUTH, 403 ACCOUNT,
 *       404 NOT_FOUND, 429 RATE_LIMITED, 5xx UNAVAILABLE, not understood HOST; {@link
 *       dev.capstan.net.spi.OutboundResponse#failure} does it. A host without an account says
 *       ACCOUNT for 401 too: what AUTH holds nobody could free there.
 *   <li><b>R7</b> For {@link ResolveContext.Purpose#PREVIEW} and {@link
 *       ResolveContext.Purpose#EXPAND} nothing that costs quota is called.
 *   <li><b>R8</b> Listings are lazy, in order, and end on cycles.
 *   <li><b>R9</b> No message, link name or metadata contains a secret.
 *   <li><b>R10</b> A file whose direct links stop working says so ({@link RemoteFile#expires}).
 * </ul>
 */
@ConsumerType
public interface HostResolver {

    /**
     * Service property: the host's id, lower-case letters, digits and hyphens; String, mandatory.
     */
    String ID = "capstan.host.id";

    /**
     * Service property: host names whose http and https links belong to it, String+. Compared
     * whole, after lower-casing and removing a trailing dot. A claimed name stays the host's own
     * while it is stopped or updated.
     */
    String DOMAINS = "capstan.host.domains";

    /**
     * Service property: schemes whose links belong to it, String+. A word with an underscore at its
     * end stands for shorthand without a scheme: {@code track_} for {@code track_5}. A host with
     * schemes http and https and no domains takes what no other host claims.
     */
    String SCHEMES = "capstan.host.schemes";

    /** Service property: most downloads of it at once, Integer; absent for no limit. */
    String MAX_CONCURRENT = "capstan.host.maxConcurrent";

    /**
     * R1, R2: tells whether a link is its own and what its canonical form is: equal for links that
     * mean the same file.
     *
     * @param link as a user gave it, stripped, without control characters
     * @return the canonical link, or empty if it is not its own
     */
    Optional<String> recognise(String link);

    /**
     * R3–R10: finds out what is behind a link.
     *
     * @param link a canonical link
     * @param context purpose, deadline, client and what is known so far
     * @return direct links, a listing, or a time to come back
     * @throws DownloadException with the class that says what happens next
     * @throws InterruptedException if the thread was interrupted
     */
    Resolution resolve(String link, ResolveContext context)
            throws DownloadException, InterruptedException;
}
