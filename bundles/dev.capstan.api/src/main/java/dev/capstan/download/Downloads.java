package dev.capstan.download;

import dev.capstan.content.ContentReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.util.promise.Promise;

/**
 * The download queue. Give it links; it resolves, fetches, verifies and places them, and keeps all
 * of it over restarts.
 *
 * <p>It calls nobody back: changes are posted as events ({@link dev.capstan.event.Topics}).
 *
 * <p><b>Threads</b>: safe for any number of threads. <b>Blocking</b>: methods that return a {@link
 * Promise} return at once; the promise resolves on a thread of the provider, so callbacks must be
 * short. The others read memory or one indexed page of the store and block for milliseconds.
 * <b>Errors</b>: promises fail with {@link RefusedException}; methods that read throw {@link
 * IllegalStateException} while the service is stopping.
 *
 * <p>The service is there exactly while a DownloadStore and a ContentStore are there (H2a).
 */
@ProviderType
public interface Downloads {

    /**
     * Q9: adds links. Adding is idempotent: a link that is active gives the download that is there,
     * an ended one is revived. The promise resolves when everything is durable (Q5), with one
     * answer for each request in the same order; a request that is refused does not harm the
     * others.
     *
     * @param requests the wishes
     * @return one answer each
     */
    Promise<List<Added>> add(List<DownloadRequest> requests);

    /**
     * A download by its id.
     *
     * @param id a full id
     * @return a snapshot with live metrics, or empty
     */
    Optional<Download> get(String id);

    /**
     * Downloads whose id begins with a prefix, newest first.
     *
     * @param prefix at least one character, any case
     * @param limit most answers
     * @return snapshots
     */
    List<Download> match(String prefix, int limit);

    /**
     * D1: the downloads of what a link means, in whatever form it is written.
     *
     * @param link any link a download could be added with
     * @return snapshots, newest first; fails with {@link RefusedException} where no host takes the
     *     link
     */
    Promise<List<Download>> withLink(String link);

    /**
     * One page of the list.
     *
     * @param query which, in which order, from where
     * @return a page
     * @throws IllegalArgumentException if the cursor is not one of this query's
     */
    DownloadPage list(DownloadQuery query);

    /**
     * The parts of a running transfer.
     *
     * @param id a full id
     * @return empty where nothing is being transferred
     */
    List<Segment> segments(String id);

    /**
     * Which bytes of a download are here, and which are asked for before all others.
     *
     * @param id a full id
     * @return a snapshot; of a completed download the whole, and nothing where nothing arrives
     */
    Arrival arrival(String id);

    /**
     * P11: opens a download's bytes for playing, from the store or while they arrive. One that
     * waits in the queue is started at once beside the workers (at most 4 such; the next one waits
     * for its turn). A local file is read in place (P13). A completed download whose content was
     * given up is fetched again.
     *
     * <p>The promise resolves as soon as there is something to read: when the source has answered,
     * or is not needed. A reader lives through retries and new direct links of its download; it
     * fails when the download does, is cancelled or paused, or when its source changed.
     *
     * @param id a full id
     * @return a reader, to be closed by the caller; fails with {@link RefusedException} where the
     *     download is a listing, paused, failed or cancelled, and with {@link DownloadException} if
     *     it fails before there is anything to read
     */
    Promise<ContentReader> open(String id);

    /**
     * Q3: moves one download. Takes effect in under a second in any phase.
     *
     * @param id a full id
     * @param command the move
     * @return the download after the move; fails with {@link RefusedException.Reason#ILLEGAL_MOVE}
     *     and the current state where the table of moves has none
     */
    Promise<Download> command(String id, Command command);

    /**
     * Changes priority, position, category or limits.
     *
     * @param id a full id
     * @param change what is to change
     * @return the download after the change
     */
    Promise<Download> change(String id, DownloadChange change);

    /**
     * Removes a download; an active one is cancelled first. Its content stays in the store by the
     * store's own rules.
     *
     * @param id a full id
     * @param deleteFile whether the placed file is deleted too
     * @return the last snapshot
     */
    Promise<Download> remove(String id, boolean deleteFile);

    /**
     * A batch by its id.
     *
     * @param id a full id
     * @return a snapshot, or empty
     */
    Optional<Batch> batch(String id);

    /**
     * Batches, newest first.
     *
     * @param before only batches made before this time, or null
     * @param limit most answers
     * @return snapshots
     */
    List<Batch> batches(@Nullable Instant before, int limit);

    /**
     * Applies a command to each member of a batch that it is legal for.
     *
     * @param id a full id of a batch
     * @param command the move
     * @return the members after the move, in order; fails with {@link
     *     RefusedException.Reason#NOT_FOUND} if there is no such batch
     */
    Promise<List<Download>> commandBatch(String id, Command command);

    /**
     * Removes a batch with all its members, as {@link #remove} does it for each.
     *
     * @param id a full id of a batch
     * @param deleteFiles whether the placed files are deleted too
     * @return the last snapshots of the members; fails with {@link
     *     RefusedException.Reason#NOT_FOUND} if there is no such batch
     */
    Promise<List<Download>> removeBatch(String id, boolean deleteFiles);

    /**
     * The numbers of the whole queue.
     *
     * @return a snapshot
     */
    Statistics statistics();
}
