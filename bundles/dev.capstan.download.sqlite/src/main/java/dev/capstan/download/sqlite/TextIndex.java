package dev.capstan.download.sqlite;

import java.sql.SQLException;

/**
 * Rows by the trigrams of their text. The index follows the rows at some distance; those it has not
 * reached are candidates of every search. Where they are many, so are the candidates, and {@link
 * Listing} does without the index.
 */
final class TextIndex {
    /** Rows that may have a text, as {@code w}; takes {@link Texts#trigrams}. */
    static final String CANDIDATES =
            """
            (SELECT rowid AS seq FROM trigram WHERE trigram MATCH ?
                UNION ALL
                SELECT seq FROM search WHERE seq > (SELECT up_to FROM indexed)) t
            CROSS JOIN download w ON w.seq = t.seq WHERE 1
            """;

    /** Rows that are added in one transaction: some 20 ms. */
    private static final int STEP = 1_000;

    private TextIndex() {}

    /** Adds the next rows; tells whether it did. */
    static boolean advance(Session session) throws SQLException {
        var from = session.number("SELECT up_to FROM indexed");
        var to =
                session.number(
                        """
                        SELECT max(seq) FROM
                            (SELECT seq FROM search WHERE seq > ? ORDER BY seq LIMIT ?)
                        """,
                        from,
                        STEP);
        if (to == 0) {
            return false;
        }
        session.update(
                """
                INSERT INTO trigram (rowid, text)
                SELECT seq, text FROM search WHERE seq > ? AND seq <= ?
                """,
                from,
                to);
        session.update("UPDATE indexed SET up_to = ?", to);
        return true;
    }
}
