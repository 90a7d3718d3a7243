package dev.capstan.record;

import dev.capstan.content.ContentReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.util.promise.Promise;

/**
 * Etches, plays and prefetches records. Everything goes through the same queue and store as any
 * download; a record adds a name and a promise.
 *
 * <p><b>Threads</b>: safe for any number; promises resolve on a thread of the provider.
 * <b>Errors</b>: {@link RecordException}.
 */
@ProviderType
public interface Records {

    /**
     * E1: fetches and verifies links and makes a record of them; fails and leaves nothing if any
     * link fails. What is wrong with the request itself is told before anything is fetched.
     *
     * @param request the wish
     * @return the record, once its bytes are verified and in the store
     */
    Promise<EtchedRecord> etch(EtchRequest request);

    /**
     * E3: etches the links of a record once more, where the content behind them has changed. The
     * record stays as it is if that fails.
     *
     * @param id a record
     * @return the record with the new checksums
     */
    Promise<EtchedRecord> etchAgain(String id);

    /**
     * E3: opens a track for playing: from the store without any request, else while it is being
     * fetched. If the bytes prove to be others, reading ends with CHANGED and nothing is stored.
     *
     * @param id a record
     * @param track index of the track
     * @return a reader, to be closed by the caller
     */
    Promise<ContentReader> play(String id, int track);

    /**
     * E6: fetches what will be played next at low priority: the track a playing record is at, else
     * the first, and of a list as many more as configured. Never at the cost of pinned content.
     *
     * @param id a record
     * @return when they are here
     */
    Promise<EtchedRecord> prefetch(String id);

    /**
     * E6: the record was put back: ends its prefetch.
     *
     * @param id a record
     */
    void putBack(String id);

    /**
     * E7: takes a record somebody else etched. Its links count as the network's.
     *
     * @param record the record
     * @return the stored one; the same if it was there, under a new id if another one has its id
     * @throws RecordException if it is malformed
     */
    EtchedRecord add(EtchedRecord record) throws RecordException;

    /**
     * A record.
     *
     * @param id its id
     * @return the record, or empty
     */
    Optional<EtchedRecord> get(String id);

    /**
     * The record that was etched into a slot.
     *
     * @param slot a slot
     * @return the record, or empty while the slot is blank
     */
    Optional<EtchedRecord> inSlot(String slot);

    /**
     * Records, newest first.
     *
     * @param before id of the last one of the page before, or null
     * @param limit most answers
     * @return records
     */
    List<EtchedRecord> list(@Nullable String before, int limit);

    /**
     * P6: keeps a record's content from eviction, what is here and what is fetched later, or gives
     * it back to the store's own rules.
     *
     * @param id a record
     * @param keep whether it is kept
     * @return whether there is such a record
     */
    boolean keep(String id, boolean keep);

    /**
     * Removes a record and blanks its slot; its content stays by the store's own rules.
     *
     * @param id a record
     * @return whether it was there
     */
    boolean remove(String id);

    /**
     * E8: where a playing record is.
     *
     * @param id a record
     * @return empty while nobody listens
     */
    Optional<Playtime> playtime(String id);

    /**
     * E8: who listens to a record.
     *
     * @param id a record
     * @return their names, the leader's first; none while nobody listens
     */
    List<String> listeners(String id);

    /**
     * E8: joins a playing record, or begins it; the first to join leads. Joining again says that
     * one is still there: who has not been heard for 10 seconds counts as gone, and if it was the
     * leader, the one who has listened longest takes over.
     *
     * @param id a record
     * @param listener who joins
     * @return where it is
     * @throws RecordException with NOT_FOUND
     */
    Playtime join(String id, String listener) throws RecordException;

    /**
     * E8: plays, pauses or seeks for all who listen.
     *
     * @param id a record
     * @param listener who steers; must have joined
     * @param track index of the track
     * @param position where to go on
     * @param rate 1 to play, 0 to pause, up to 4
     * @return where it is now
     * @throws RecordException with NOT_FOUND if the listener has not joined, INVALID if there is no
     *     such track, position or rate
     */
    Playtime steer(String id, String listener, int track, Duration position, double rate)
            throws RecordException;

    /**
     * E7: chooses which tracks follow, for all who listen.
     *
     * @param id a record
     * @param listener who steers; must have joined
     * @param order the order
     * @return where it is now
     * @throws RecordException with NOT_FOUND if nobody plays it
     */
    Playtime order(String id, String listener, PlayOrder order) throws RecordException;

    /**
     * E8: leaves; if it was the leader, another becomes it.
     *
     * @param id a record
     * @param listener who leaves
     */
    void leave(String id, String listener);
}
