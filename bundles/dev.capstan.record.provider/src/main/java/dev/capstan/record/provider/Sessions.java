package dev.capstan.record.provider;

import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.Playtime;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is being heard, and by whom (E8). Positions are counted on the host's clock; a tick now and
 * then finds who has gone without a word, and which track has ended.
 *
 * <p>Safe for any number of threads: one at a time changes a session, and what it changed is told
 * in that order by the executor.
 */
final class Sessions {
    /** Who was not heard for so long has gone. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    private static final double MOST_RATE = 4;
    private static final int MOST_LISTENERS = 1_000;

    private final Shelf shelf;
    private final InstantSource clock;
    private final Executor teller;
    private final BiConsumer<EtchedRecord, @Nullable Playtime> listener;
    private final Map<String, Session> sessions = new HashMap<>();

    /**
     * Creates it.
     *
     * @param teller runs one thing after another
     * @param listener hears of every change, on the teller
     */
    Sessions(
            Shelf shelf,
            InstantSource clock,
            Executor teller,
            BiConsumer<EtchedRecord, @Nullable Playtime> listener) {
        this.shelf = shelf;
        this.clock = clock;
        this.teller = teller;
        this.listener = listener;
    }

    synchronized Optional<Playtime> playtime(String id) {
        var session = sessions.get(id);
        if (session == null) {
            return Optional.empty();
        }
        if (session.advance(now())) {
            tell(session);
        }
        return Optional.of(session.now());
    }

    synchronized List<String> listeners(String id) {
        var session = sessions.get(id);
        return session == null ? List.of() : session.names();
    }

    Playtime join(String id, String name) throws RecordException {
        var record = shelf.require(id).record();
        if (name.isBlank()) {
            throw new RecordException(Reason.INVALID, "A listener needs a name.");
        }
        synchronized (this) {
            var session = sessions.get(id);
            if (session == null) {
                session = new Session(record, name, now());
                sessions.put(id, session);
                tell(session);
            } else {
                admit(session, name);
            }
            return session.now();
        }
    }

    synchronized Playtime steer(String id, String name, int track, Duration position, double rate)
            throws RecordException {
        var session = joined(id, name);
        if (track < 0 || track >= session.record().tracks().size()) {
            throw invalid("There is no track of number " + (track + 1) + ".");
        }
        if (position.isNegative()) {
            throw invalid("A position is not before the beginning.");
        }
        if (!(rate >= 0 && rate <= MOST_RATE)) {
            throw invalid("A rate is from 0, which is a pause, to 4.");
        }
        session.steer(track, position, now(), rate);
        tell(session);
        return session.now();
    }

    synchronized Playtime order(String id, String name, PlayOrder order) throws RecordException {
        var session = joined(id, name);
        session.order(order);
        tell(session);
        return session.now();
    }

    synchronized void leave(String id, String name) {
        var session = sessions.get(id);
        if (session != null && session.left(name)) {
            tell(session);
        }
    }

    /** The record is no more. */
    synchronized void remove(String id) {
        var session = sessions.remove(id);
        if (session != null) {
            var record = session.record();
            teller.execute(() -> listener.accept(record, null));
        }
    }

    /** Looks who is gone and what has ended. */
    synchronized void tick() {
        var oldest = now().minus(SILENCE);
        for (var session : Map.copyOf(sessions).values()) {
            var went = session.forgetBefore(oldest);
            var advanced = session.advance(now());
            if (went || advanced) {
                tell(session);
            }
        }
    }

    private void admit(Session session, String name) throws RecordException {
        if (!session.has(name) && session.size() >= MOST_LISTENERS) {
            throw new RecordException(
                    Reason.UNAVAILABLE, "Too many listen to this record already.");
        }
        var isNew = session.heard(name, now());
        if (session.advance(now()) || isNew) {
            tell(session);
        }
    }

    private Session joined(String id, String name) throws RecordException {
        var session = sessions.get(id);
        if (session == null || !session.has(name)) {
            throw new RecordException(
                    Reason.NOT_FOUND,
                    "Only who listens to the record can steer it; join it first.");
        }
        session.heard(name, now());
        session.advance(now());
        return session;
    }

    private void tell(Session session) {
        var record = session.record();
        if (session.isEmpty()) {
            sessions.remove(record.id());
            teller.execute(() -> listener.accept(record, null));
        } else {
            var now = session.now();
            teller.execute(() -> listener.accept(record, now));
        }
    }

    private Instant now() {
        return clock.instant();
    }

    private static RecordException invalid(String message) {
        return new RecordException(Reason.INVALID, message);
    }
}
