package dev.capstan.content.spi;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import dev.capstan.download.DownloadException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The content store as engines use it: it collects bytes, verifies them, keeps them once by their
 * SHA-256, and places them under human names. Registered under this interface and {@link Contents}.
 *
 * <p><b>Threads</b>: safe for any number. <b>Blocking</b>: {@link #commit} hashes what was not
 * hashed in the shade of the transfer and syncs; {@link #place} copies where it cannot link. Both
 * end within a second of interruption with {@link InterruptedException} and leave nothing half
 * done. <b>Errors</b>: DISK_FULL, IO (detail FOLDER where a folder is at fault), CHECKSUM, DECRYPT.
 */
@ProviderType
public interface ContentStore extends Contents {

    /**
     * P8: begins to collect a source's bytes, or goes on with what is in staging. Any number of
     * callers share one staging file. A journal that does not fit its file is discarded.
     *
     * @param request what is to be collected
     * @return a handle, to be closed by the caller
     * @throws DownloadException with IO or DISK_FULL
     */
    Ingest ingest(IngestRequest request) throws DownloadException;

    /**
     * P3: makes content of a complete ingest: length, wire digests, decryption, plain digests,
     * sync, rename, sync of the folder, index. Until it returns nothing is visible; killed at any
     * instant, the content is absent or whole, and staging serves the next try.
     *
     * @param ingest a complete ingest of this store whose filler is closed
     * @param request what must hold
     * @return the content; an equal one that was there is reused
     * @throws DownloadException with CHECKSUM if something differs from what was promised (the
     *     wrong bytes are then dropped), PROTOCOL if bytes are missing
     * @throws InterruptedException if the thread was interrupted
     */
    Content commit(Ingest ingest, CommitRequest request)
            throws DownloadException, InterruptedException;

    /**
     * P1: which of a source's bytes staging holds, also where nobody fetches them; to be shown.
     *
     * @param source the source
     * @return the ranges that are claimed; empty if there are none
     */
    RangeSet staged(SourceKey source);

    /**
     * Q3: drops what staging holds of a source, unless a handle or a reader is open on it.
     *
     * @param source the source
     */
    void discardStaged(SourceKey source);

    /**
     * P1: wakes whoever reads what staging holds of a source, because nobody goes on fetching it;
     * the bytes stay. Where nobody has it open nothing happens.
     *
     * @param source the source
     * @param error what the readers fail with
     */
    void failStaged(SourceKey source, DownloadException error);

    /**
     * P5: notes that the source still has the version an item was fetched under.
     *
     * @param digest SHA-256 of the item
     * @param source where it comes from
     * @param validator the version as the source now names it
     */
    void revalidated(Digest digest, SourceKey source, Validator validator);

    /**
     * P6: gives content a human name: by reflink, else hard link, else copy. A name that is taken
     * by equal bytes is left as it is; taken by others, the file becomes {@code name.1.ext}, never
     * in place of another. Symbolic links at the target are not followed.
     *
     * @param digest SHA-256 of the content
     * @param folder an absolute folder; made if it is missing
     * @param name a safe name
     * @return what is there now
     * @throws DownloadException with NOT_FOUND if the content is gone, DISK_FULL, IO
     * @throws InterruptedException if the thread was interrupted
     */
    Placed place(Digest digest, Path folder, String name)
            throws DownloadException, InterruptedException;

    /**
     * P13: gives a local file another name, by reflink or copy, without making it content.
     *
     * @param file an absolute regular file
     * @param folder an absolute folder; made if it is missing
     * @param name a safe name
     * @return what is there now, with its digest
     * @throws DownloadException with NOT_FOUND, DISK_FULL, IO
     * @throws InterruptedException if the thread was interrupted
     */
    Placed placeLocal(Path file, Path folder, String name)
            throws DownloadException, InterruptedException;

    /**
     * P13: opens a local file in place; it is complete at once and never becomes content.
     *
     * @param file an absolute regular file
     * @return a reader of the file as it is now, to be closed by the caller
     * @throws DownloadException with NOT_FOUND or IO
     */
    ContentReader openLocal(Path file) throws DownloadException;
}
