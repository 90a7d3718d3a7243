package dev.capstan.download.sqlite;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.spi.Claim;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who runs what (S5). A claim looks at one index entry for each host that has queued rows and is
 * not excepted, so rows of excepted hosts cost nothing. Rows that wait for a time are in another
 * index, and each moves over once, with the first claim after its time.
 */
final class Claims {
    private static final String DUE =
            """
            UPDATE download INDEXED BY download_waiting SET waiting = 0
            WHERE state = 0 AND waiting = 1 AND wait_until <= ?
            """;

    // A row that another clock saw due may still wait by this one, so it is asked again.
    private static final String FIRST_OF_HOST =
            """
            SELECT seq, rank, position, created, id FROM download INDEXED BY download_ready
            WHERE host = ? AND state = 0 AND waiting = 0
                AND (wait_until IS NULL OR wait_until <= ?)
            ORDER BY rank, position, created, id LIMIT 1
            """;

    private static final String TAKE =
            """
            UPDATE download SET state = 1, phase = ?, note = NULL, wait_until = NULL,
                updated = max(?, updated + 1), owner = ?, lease_until = ?
            WHERE seq = ?
            """;

    private static final String GIVE_BACK =
            """
            UPDATE download SET state = 0, phase = ?, note = NULL, wait_until = NULL, waiting = 0,
                updated = max(?, updated + 1), owner = NULL, lease_until = NULL
            WHERE state IN (1, 2) AND (owner = ? OR lease_until IS NULL OR lease_until <= ?)
            """;

    private Claims() {}

    static List<Download> claim(Session session, Claim claim, int most) throws SQLException {
        var now = Times.nanos(claim.now());
        session.update(DUE, now);
        var claimed = new ArrayList<Download>();
        while (claimed.size() < most) {
            var first = first(session, claim.exceptHosts(), now);
            if (first == null) {
                break;
            }
            take(session, claim, first.seq()).ifPresent(claimed::add);
        }
        return claimed;
    }

    static Optional<Download> claim(Session session, String id, Claim claim) throws SQLException {
        var queued =
                session.first(
                        "SELECT seq, host FROM download WHERE id = ? AND state = 0",
                        row -> Map.entry(row.number(), row.text()),
                        id);
        return queued.isEmpty() || claim.exceptHosts().contains(queued.get().getValue())
                ? Optional.empty()
                : take(session, claim, queued.get().getKey());
    }

    private static Optional<Download> take(Session session, Claim claim, long seq)
            throws SQLException {
        session.update(
                TAKE,
                Phase.RESOLVING.name(),
                Times.nanos(claim.now()),
                claim.owner(),
                Times.nanos(claim.now().plus(claim.lease())),
                seq);
        return session.first(
                "SELECT " + Rows.COLUMNS + " FROM download d WHERE seq = ?", Rows::read, seq);
    }

    static int renew(Session session, String owner, Instant until) throws SQLException {
        return session.update(
                "UPDATE download SET lease_until = ? WHERE state IN (1, 2) AND owner = ?",
                Times.nanos(until),
                owner);
    }

    static int recover(Session session, String owner, Instant now) throws SQLException {
        var time = Times.nanos(now);
        return session.update(GIVE_BACK, Phase.NONE.name(), time, owner, time);
    }

    static Optional<Instant> nextDue(Session session, Instant after) throws SQLException {
        return session.first(
                """
                SELECT wait_until FROM download INDEXED BY download_waiting
                WHERE state = 0 AND waiting = 1 AND wait_until > ? ORDER BY wait_until LIMIT 1
                """,
                row -> Times.instant(row.number()),
                Times.nanos(after));
    }

    static Set<String> queuedHosts(Session session) throws SQLException {
        return Set.copyOf(
                session.all(
                        "SELECT DISTINCT host FROM tally WHERE state = ?",
                        Row::text,
                        DownloadState.QUEUED.ordinal()));
    }

    private static @Nullable Place first(Session session, Set<String> exceptHosts, long now)
            throws SQLException {
        Place best = null;
        for (var host : queuedHosts(session)) {
            if (!exceptHosts.contains(host)) {
                var place = session.first(FIRST_OF_HOST, Place::read, host, now).orElse(null);
                if (place != null && (best == null || Place.ORDER.compare(place, best) < 0)) {
                    best = place;
                }
            }
        }
        return best;
    }

    /** A row's place in the queue. */
    private record Place(long seq, long rank, long position, long created, String id) {
        private static final Comparator<Place> ORDER =
                Comparator.comparingLong(Place::rank)
                        .thenComparingLong(Place::position)
                        .thenComparingLong(Place::created)
                        .thenComparing(Place::id);

        private static Place read(Row row) throws SQLException {
            return new Place(row.number(), row.number(), row.number(), row.number(), row.text());
        }
    }
}
