package dev.capstan.download.spi;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Batch;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadPage;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Statistics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps downloads. It stores what it is told and decides nothing: only the orchestrator calls it,
 * and only the orchestrator moves states. Several hosts may share one store (Q8).
 *
 * <p>It never holds direct links, tokens, headers or passwords.
 *
 * <ul>
 *   <li><b>S1</b> A write with {@link Durability#DURABLE} survives a power cut once it has returned
 *       (Q5). Writes of many callers are committed together.
 *   <li><b>S2</b> Writes take effect in the order in which they were called.
 *   <li><b>S3</b> Killed at any instant, the store holds every write that returned durable, and no
 *       half of any.
 *   <li><b>S4</b> {@link #update} changes a row only if it is still as the caller saw it. Every
 *       write and every claim makes it another version.
 *   <li><b>S5</b> A download is claimed by one owner at a time.
 *   <li><b>S6</b> A cursor is a position in the order: rows that keep their sort key are neither
 *       lost nor doubled in a walk.
 *   <li><b>S7</b> Counts, batches and totals are kept with the rows, in the same transaction.
 * </ul>
 *
 * <p><b>Threads</b>: safe for any number. <b>Blocking</b>: durable writes wait for the disk, a few
 * milliseconds; the others for less. Methods are not interruptible: a write that was begun ends.
 * <b>Errors</b>: {@link StoreException}.
 */
@ProviderType
public interface DownloadStore {

    /** How long a write waits. */
    enum Durability {
        /** Until it survives a power cut. */
        DURABLE,
        /** Until it is in order; it becomes durable soon. */
        ORDERED
    }

    /**
     * Adds rows, or finds those that stand for the same link. For each wanted row whose host and
     * canonical link are stored, {@code onSame} is given the newest stored row of the same use (for
     * the store alone, or to be placed), else the newest of the other, and the wanted one, and
     * answers which row is to be there: the stored one (nothing is written), a changed copy of it
     * (it is updated), or the wanted one (it is added beside it).
     *
     * @param wanted new rows
     * @param onSame pure and quick; runs inside the transaction
     * @param alongside a stored row to update in the same transaction, or null
     * @return the row that now stands for each wanted one, in order; durable
     */
    List<Download> add(
            List<Download> wanted, BinaryOperator<Download> onSame, @Nullable Download alongside);

    /**
     * S4: replaces a row if it is still the version the caller saw, which {@link Download#updated}
     * tells.
     *
     * @param seen the row as it was read, claimed or written last
     * @param next the row that is to be there, with the same id and a later {@link
     *     Download#updated}
     * @param durability how long to wait
     * @return whether it was replaced; false if it is gone or another one by now
     */
    boolean update(Download seen, Download next, Durability durability);

    /**
     * Removes a row.
     *
     * @param id a full id
     * @return the row that was there; durable
     */
    Optional<Download> remove(String id);

    /**
     * S5: takes the next queued rows whose time has come: highest priority, then lowest position,
     * then oldest. They are in STARTING then. The cost does not grow with rows of excepted hosts or
     * rows that wait.
     *
     * @param claim who takes them
     * @param most how many to take, in one transaction
     * @return the claimed rows, in order; fewer if no more may be claimed
     */
    List<Download> claim(Claim claim, int most);

    /**
     * S5: takes the next row alone.
     *
     * @param claim who takes it
     * @return the claimed row, or empty
     */
    default Optional<Download> claim(Claim claim) {
        return claim(claim, 1).stream().findFirst();
    }

    /**
     * S5: takes one queued row out of its turn, also if its time has not come. It is in STARTING
     * then.
     *
     * @param id a full id
     * @param claim who takes it
     * @return the claimed row; empty if it is not queued, or its host is excepted
     */
    Optional<Download> claim(String id, Claim claim);

    /**
     * Lengthens all leases of an owner.
     *
     * @param owner who holds them
     * @param until the new end
     */
    void renew(String owner, Instant until);

    /**
     * Q2: gives back rows in STARTING and DOWNLOADING that belong to an owner, or whose lease has
     * ended: they become QUEUED.
     *
     * @param owner whose rows
     * @param now the time
     * @return how many
     */
    int recover(String owner, Instant now);

    /**
     * When the next waiting row's time comes.
     *
     * @param after only times after this one
     * @return empty if none waits for a time
     */
    Optional<Instant> nextDue(Instant after);

    /**
     * A row by its id.
     *
     * @param id a full id
     * @return the row, or empty
     */
    Optional<Download> get(String id);

    /**
     * Rows whose id begins with a prefix, newest first.
     *
     * @param prefix at least one character
     * @param limit most answers
     * @return rows
     */
    List<Download> match(String prefix, int limit);

    /**
     * Rows of a host's canonical link, newest first.
     *
     * @param host the host's id
     * @param canonical the link
     * @return all of them
     */
    List<Download> withLink(String host, String canonical);

    /**
     * The newest row of a source that is in one of some states.
     *
     * @param source the source
     * @param states the states
     * @return the row, or empty
     */
    Optional<Download> find(SourceKey source, Set<DownloadState> states);

    /**
     * Q10: one page.
     *
     * @param query which, in which order, from where
     * @return a page
     * @throws IllegalArgumentException if the cursor is not one of this query's
     */
    DownloadPage list(DownloadQuery query);

    /**
     * S7: rows for each state.
     *
     * @return kept, not counted
     */
    Map<DownloadState, Long> counts();

    /**
     * The hosts that have queued rows.
     *
     * @return host ids
     */
    Set<String> queuedHosts();

    /**
     * A batch.
     *
     * @param id a full id
     * @return the batch, or empty
     */
    Optional<Batch> batch(String id);

    /**
     * Batches, newest first.
     *
     * @param before only those made before, or null
     * @param limit most answers
     * @return batches
     */
    List<Batch> batches(@Nullable Instant before, int limit);

    /**
     * S7: what ended for each host since the store was made; counted when a row enters COMPLETED or
     * FAILED.
     *
     * @return totals by host id
     */
    Map<String, Statistics.Totals> totals();

    /**
     * What the operator should know about the store's start, such as a damaged database that was
     * set aside (Q5).
     *
     * @return sentences; empty where all was well
     */
    List<String> notices();
}
