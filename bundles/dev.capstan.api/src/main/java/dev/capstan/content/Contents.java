package dev.capstan.content;

import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Finds and reads what the content store holds. It fetches nothing by itself.
 *
 * <p><b>Threads</b>: safe for any number. <b>Blocking</b>: lookups read memory or one index row;
 * {@link #verify} reads the whole item. <b>Units</b>: bytes.
 */
@ProviderType
public interface Contents {

    /**
     * P5: finds an item by any digest it is known by.
     *
     * @param digest SHA-256, or MD5 where it was ever computed for the item
     * @return the item, or empty
     */
    Optional<Content> find(Digest digest);

    /**
     * P5: an item's digest by another algorithm. Where it is not known the item is read for it, and
     * found by it from then on.
     *
     * @param digest SHA-256 of the item
     * @param algorithm as {@link Digest} names it
     * @return its digest
     * @throws DownloadException with NOT_FOUND if there is no such item, IO if it cannot be read
     * @throws InterruptedException if the thread was interrupted
     */
    Digest digest(Digest digest, String algorithm) throws DownloadException, InterruptedException;

    /**
     * P5: finds the newest item that came from a source. It may be out of date there; its {@link
     * Content#validator()} tells which version it is.
     *
     * @param source the source
     * @return the item, or empty
     */
    Optional<Content> find(SourceKey source);

    /**
     * Opens finished content and marks it as used. A file that no longer fits its index entry is
     * hashed again first; a mismatch is quarantined (P6).
     *
     * @param digest SHA-256 of the content
     * @return a reader, to be closed by the caller; empty if it is not here
     * @throws IOException if the file cannot be read
     */
    Optional<ContentReader> open(Digest digest) throws IOException;

    /**
     * Opens what a transfer is fetching now, or has fetched before, for reading from any position.
     *
     * @param source the source
     * @return a reader, to be closed by the caller; empty if nothing of it is here
     * @throws IOException if the file cannot be read
     */
    Optional<ContentReader> open(SourceKey source) throws IOException;

    /**
     * P6: keeps an item from eviction until {@link #unpin}; durable. Pinning twice is harmless.
     *
     * @param digest SHA-256 of the item
     * @param owner who keeps it: {@code record:ID}, {@code room:ID} …
     * @return whether the item is here
     */
    boolean pin(Digest digest, String owner);

    /**
     * Gives up one owner's pin.
     *
     * @param digest SHA-256 of the item
     * @param owner who kept it
     */
    void unpin(Digest digest, String owner);

    /**
     * P7: hashes an item again. A damaged one is moved to quarantine, never served, never deleted.
     *
     * @param digest SHA-256 of the item
     * @return whether its bytes are right
     * @throws DownloadException with NOT_FOUND if there is no such item, IO if it cannot be read
     * @throws InterruptedException if the thread was interrupted
     */
    boolean verify(Digest digest) throws DownloadException, InterruptedException;

    /**
     * Removes an item that is neither pinned nor being read.
     *
     * @param digest SHA-256 of the item
     * @return whether it was removed
     */
    boolean evict(Digest digest);

    /**
     * Items by digest.
     *
     * @param after the last digest of the page before, or null
     * @param limit most answers
     * @return items in the order of their digests
     */
    List<Content> list(@Nullable Digest after, int limit);

    /**
     * What is used.
     *
     * @return a snapshot, kept and not counted
     */
    Usage usage();

    /**
     * What the store uses and may use.
     *
     * @param items finished items
     * @param bytes their bytes
     * @param pinnedBytes bytes that eviction cannot free
     * @param stagingBytes bytes of unfinished transfers
     * @param quarantined damaged items set aside
     * @param maxBytes bytes that unpinned items may use
     * @param freeBytes free bytes of the volume
     */
    record Usage(
            long items,
            long bytes,
            long pinnedBytes,
            long stagingBytes,
            long quarantined,
            long maxBytes,
            long freeBytes) {}
}
