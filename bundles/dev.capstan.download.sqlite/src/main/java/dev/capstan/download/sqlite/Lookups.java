package dev.capstan.download.sqlite;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Batch;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Statistics;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Single rows, and the numbers that are kept with them (S7). */
final class Lookups {
    private static final String SELECT = "SELECT " + Rows.COLUMNS + " FROM download d ";
    private static final String NEWEST_FIRST = " ORDER BY d.created DESC, d.id DESC";

    private Lookups() {}

    static Optional<Download> get(Session session, String id) throws SQLException {
        return session.first(SELECT + "WHERE d.id = ?", Rows::read, id);
    }

    /**
     * The newest row of a host's canonical link, of the same use where there is one. Most links are
     * new, so it is first asked for the least that can be asked.
     */
    static Optional<Download> same(Session session, Download wanted) throws SQLException {
        var canonical = wanted.source().canonical();
        var seq =
                session.first(
                        """
                        SELECT seq FROM download
                        WHERE host = ? AND link_hash = ? AND ifnull(canonical, link) = ?
                        ORDER BY cache_only = ? DESC, created DESC, id DESC LIMIT 1
                        """,
                        Row::number,
                        wanted.source().host(),
                        Texts.hash(canonical),
                        canonical,
                        wanted.options().cacheOnly() ? 1 : 0);
        return seq.isEmpty() ? Optional.empty() : at(session, seq.get());
    }

    /** The row at a place. */
    static Optional<Download> at(Session session, long seq) throws SQLException {
        return session.first(SELECT + "WHERE d.seq = ?", Rows::read, seq);
    }

    static List<Download> match(Session session, String prefix, int limit) throws SQLException {
        return session.all(
                SELECT + "WHERE d.id >= ? AND d.id < ? ORDER BY d.id DESC LIMIT ?",
                Rows::read,
                prefix,
                prefix + Character.toString(Character.MAX_CODE_POINT),
                limit);
    }

    static List<Download> withLink(Session session, String host, String canonical)
            throws SQLException {
        return session.all(
                SELECT
                        + "WHERE d.host = ? AND d.link_hash = ?"
                        + " AND ifnull(d.canonical, d.link) = ?"
                        + NEWEST_FIRST,
                Rows::read,
                host,
                Texts.hash(canonical),
                canonical);
    }

    static Optional<Download> find(Session session, SourceKey source, Set<DownloadState> states)
            throws SQLException {
        var key = source.toString();
        return session
                .all(
                        SELECT + "WHERE d.source_hash = ? AND d.source_key = ?" + NEWEST_FIRST,
                        Rows::read,
                        Texts.hash(key),
                        key)
                .stream()
                .filter(download -> states.contains(download.state()))
                .findFirst();
    }

    static Map<DownloadState, Long> counts(Session session) throws SQLException {
        var counts = zeros();
        session.each(
                "SELECT state, sum(downloads) FROM tally GROUP BY state",
                row -> counts.put(Rows.state(row.number()), row.number()));
        return counts;
    }

    static Optional<Batch> batch(Session session, String id) throws SQLException {
        var batch =
                session.first(
                        "SELECT id, name, created FROM batch WHERE id = ?", BatchRow::read, id);
        return batch.isEmpty() ? Optional.empty() : Optional.of(whole(session, batch.get()));
    }

    static List<Batch> batches(Session session, @Nullable Instant before, int limit)
            throws SQLException {
        var rows =
                session.all(
                        """
                        SELECT id, name, created FROM batch WHERE created <= ?
                        ORDER BY created DESC, id DESC LIMIT ?
                        """,
                        BatchRow::read,
                        before == null ? Long.MAX_VALUE : Times.nanos(before) - 1,
                        limit);
        var batches = new ArrayList<Batch>();
        for (var row : rows) {
            batches.add(whole(session, row));
        }
        return batches;
    }

    static Map<String, Statistics.Totals> totals(Session session) throws SQLException {
        var totals = new HashMap<String, Statistics.Totals>();
        session.each(
                "SELECT host, completed, failed, bytes FROM total",
                row ->
                        totals.put(
                                row.text(),
                                new Statistics.Totals(row.number(), row.number(), row.number())));
        return totals;
    }

    private static Batch whole(Session session, BatchRow batch) throws SQLException {
        var counts = zeros();
        var bytes = new long[2];
        session.each(
                "SELECT state, members, size, downloaded FROM batch_tally WHERE batch = ?",
                row -> {
                    counts.put(Rows.state(row.number()), row.number());
                    bytes[0] += row.number();
                    bytes[1] += row.number();
                },
                batch.id());
        return new Batch(
                batch.id(),
                batch.name(),
                Times.instant(batch.created()),
                counts,
                bytes[0],
                bytes[1]);
    }

    private static Map<DownloadState, Long> zeros() {
        var counts = new EnumMap<DownloadState, Long>(DownloadState.class);
        for (var state : DownloadState.values()) {
            counts.put(state, 0L);
        }
        return counts;
    }

    private record BatchRow(String id, String name, long created) {
        private static BatchRow read(Row row) throws SQLException {
            return new BatchRow(row.text(), row.text(), row.number());
        }
    }
}
