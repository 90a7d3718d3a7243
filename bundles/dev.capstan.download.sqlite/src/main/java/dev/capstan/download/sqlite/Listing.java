package dev.capstan.download.sqlite;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadPage;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One page of the list (Q10).
 *
 * <p>Mostly the index of the order is walked, one walk for each wanted state, merged, from the
 * cursor on until the page is full. Where a filter leaves few rows, those are fetched by the
 * filter's own index and sorted instead: a walk would pass over many others to find them. Which it
 * is, is told by a count of the filter's rows that stops where they are no longer few.
 */
final class Listing {
    /** Rows that are sooner fetched and sorted than found by a walk. */
    private static final int FEW = 5_000;

    private static final String TEXT =
            "EXISTS (SELECT 1 FROM search s WHERE s.seq = w.seq AND instr(s.text, ?))";

    private final Session session;
    private final DownloadQuery query;
    private final Order order;
    private final @Nullable Cursor cursor;
    private final Set<DownloadState> states;
    private final String text;

    private Listing(Session session, DownloadQuery query) {
        this.session = session;
        this.query = query;
        order = Order.of(query.sort());
        var from = query.cursor();
        cursor = from == null ? null : Cursor.decode(from, query, order.types());
        states =
                query.states().isEmpty()
                        ? EnumSet.allOf(DownloadState.class)
                        : EnumSet.copyOf(query.states());
        text = query.text() == null ? "" : Texts.fold(query.text());
    }

    static DownloadPage page(Session session, DownloadQuery query) throws SQLException {
        return new Listing(session, query).page();
    }

    private DownloadPage page() throws SQLException {
        var few = few();
        var rows = new ArrayList<Keyed>();
        var sql = wholeRows(few == null ? walk() : fetch(few));
        session.each(
                sql.text(),
                row -> rows.add(new Keyed(Rows.read(row), order.read(row))),
                sql.values());
        var items = rows.subList(0, Math.min(rows.size(), query.limit()));
        return new DownloadPage(
                items.stream().map(Keyed::download).toList(),
                rows.size() > items.size()
                        ? items.get(items.size() - 1).cursor().encode(query)
                        : null,
                total(few),
                Lookups.counts(session));
    }

    /** The filter that leaves the fewest rows, if those are few. */
    private @Nullable Filter few() throws SQLException {
        Filter best = null;
        var fewest = FEW + 1L;
        for (var filter : Filter.of(query, text)) {
            var sql = new Sql().add("SELECT count(*) FROM (SELECT 1 FROM").add(filter.rows());
            sql.add("LIMIT ?)", fewest);
            var count = session.number(sql.text(), sql.values());
            if (count < fewest) {
                best = filter;
                fewest = count;
            }
        }
        return best;
    }

    /** One walk for each state, merged. */
    private Sql walk() {
        var sql = new Sql();
        var separator = "";
        for (var state : states) {
            var start = start(state);
            if (start != null) {
                sql.add(separator + "SELECT w.seq, " + order.of("w") + " FROM download w");
                sql.add("INDEXED BY " + shelf(state) + " AND w.state = " + state.ordinal());
                sql.add(start).add(filters());
                separator = "UNION ALL ";
            }
        }
        return sql;
    }

    /** The index a state is in, and the words by which SQLite sees that it is. */
    private String shelf(DownloadState state) {
        return state.isActive()
                ? "download_active WHERE w.state IN (1, 2)"
                : order.index() + " WHERE w.state NOT IN (1, 2)";
    }

    /** Where the walk of a state begins; null if the cursor is beyond all of it. */
    private @Nullable Sql start(DownloadState state) {
        if (cursor == null) {
            return new Sql();
        }
        if (query.sort() != DownloadQuery.Sort.STATE) {
            return afterCursor();
        }
        var reached = Long.compare((Long) cursor.values().get(0), state.ordinal());
        if (reached == 0) {
            return new Sql().add("AND w.id " + after() + " ?", cursor.values().get(1));
        }
        return reached < 0 == query.descending() ? null : new Sql();
    }

    /** The rows of a filter, in no order. */
    private Sql fetch(Filter few) {
        return new Sql()
                .add("SELECT w.seq, " + order.of("w") + " FROM")
                .add(few.rows())
                .add(stateFilter("w"))
                .add(filters())
                .add(afterCursor());
    }

    private Sql wholeRows(Sql found) {
        var sql = new Sql().add("SELECT " + Rows.COLUMNS + ", " + order.of("p") + " FROM (");
        sql.add(found).add("ORDER BY " + order.by(2, query.descending()));
        sql.add("LIMIT ?) p CROSS JOIN download d ON d.seq = p.seq", query.limit() + 1);
        return sql.add("ORDER BY " + order.by(Rows.WIDTH + 1, query.descending()));
    }

    private Sql afterCursor() {
        return cursor == null
                ? new Sql()
                : new Sql()
                        .add(
                                "AND ("
                                        + order.of("w")
                                        + ") "
                                        + after()
                                        + " ("
                                        + order.marks()
                                        + ")",
                                cursor.values().toArray());
    }

    private String after() {
        return query.descending() ? "<" : ">";
    }

    private Sql filters() {
        var sql = new Sql();
        if (query.batch() != null) {
            sql.add("AND w.batch = ?", query.batch());
        }
        if (query.category() != null) {
            sql.add("AND w.category = ?", query.category());
        }
        if (query.host() != null) {
            sql.add("AND w.host = ?", query.host());
        }
        if (!text.isEmpty()) {
            sql.add("AND " + TEXT, text);
        }
        return sql;
    }

    private Sql stateFilter(String table) {
        var codes =
                states.stream()
                        .map(state -> String.valueOf(state.ordinal()))
                        .collect(Collectors.joining(", "));
        return query.states().isEmpty()
                ? new Sql()
                : new Sql().add("AND " + table + ".state IN (" + codes + ")");
    }

    private long total(@Nullable Filter few) throws SQLException {
        var sql = new Sql();
        if (few != null) {
            sql.add("SELECT count(*) FROM").add(few.rows()).add(stateFilter("w")).add(filters());
        } else if (text.isEmpty() && query.batch() == null) {
            sql.add("SELECT sum(downloads) FROM tally w WHERE 1");
            sql.add(stateFilter("w")).add(filters());
        } else if (isTextOnly()) {
            sql.add("SELECT count(*) FROM search WHERE instr(text, ?)", text);
        } else {
            sql.add("SELECT count(*) FROM download w WHERE 1").add(stateFilter("w"));
            sql.add(filters());
        }
        return session.number(sql.text(), sql.values());
    }

    private boolean isTextOnly() {
        return query.states().isEmpty()
                && query.batch() == null
                && query.category() == null
                && query.host() == null;
    }

    private record Keyed(Download download, Cursor cursor) {}

    /** A filter with an index of its own. */
    private record Filter(Sql rows) {

        private static List<Filter> of(DownloadQuery query, String text) {
            var filters = new ArrayList<Filter>();
            if (query.batch() != null) {
                filters.add(by("download_batch", "batch", query.batch()));
            }
            if (query.category() != null) {
                filters.add(by("download_category", "category", query.category()));
            }
            if (query.host() != null) {
                filters.add(by("download_same", "host", query.host()));
            }
            var trigrams = Texts.trigrams(text);
            if (!trigrams.isEmpty()) {
                filters.add(new Filter(new Sql().add(TextIndex.CANDIDATES, trigrams)));
            }
            return filters;
        }

        private static Filter by(String index, String column, String value) {
            return new Filter(
                    new Sql()
                            .add("download w INDEXED BY " + index)
                            .add("WHERE w." + column + " = ?", value));
        }
    }
}
