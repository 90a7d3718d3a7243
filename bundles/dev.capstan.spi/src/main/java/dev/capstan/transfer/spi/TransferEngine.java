package dev.capstan.transfer.spi;

import dev.capstan.content.spi.Ingest;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Moves bytes from direct links into an ingest. It keeps no truth of its own: what is there is in
 * the ingest, so that an engine can go at any moment and another go on from the same byte (H2).
 *
 * <ul>
 *   <li><b>T1</b> Nothing is written that was not proven to belong where it goes: ranges, lengths
 *       and validators of every answer are compared (RFC 9110 §13–15, RFC 9112 §6).
 *   <li><b>T2</b> A transfer never hangs: every wait has a limit on a monotonic clock.
 *   <li><b>T3</b> {@link Transfer#stop}, and the end of the engine's bundle, close all connections
 *       within a second; the filler is closed, so what arrived is durable.
 *   <li><b>T4</b> Short faults are bridged inside a transfer with its own quick attempts; it fails
 *       with the class of the last one.
 *   <li><b>T5</b> Headers of a direct link stay on its origin; redirects pass the address guard;
 *       https never becomes http.
 * </ul>
 */
@ProviderType
public interface TransferEngine {

    /** Service property: the schemes of direct links it moves, String+. */
    String SCHEMES = "capstan.transfer.schemes";

    /**
     * Starts a transfer and returns at once. It becomes the ingest's filler for its time.
     *
     * @param plan what to fetch and how
     * @param ingest where bytes go; kept open by the caller until the transfer has ended
     * @param listener hears what the source said
     * @return the running transfer
     * @throws IllegalStateException if the ingest is being filled already, or the engine is going
     */
    Transfer start(TransferPlan plan, Ingest ingest, TransferListener listener);
}
