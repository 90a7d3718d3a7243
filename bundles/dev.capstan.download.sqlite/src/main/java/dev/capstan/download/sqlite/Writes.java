package dev.capstan.download.sqlite;

import dev.capstan.download.Download;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Rows added, replaced and removed, each with the text it is found by. */
final class Writes {
    private Writes() {}

    static List<Download> add(
            Session session,
            List<Download> wanted,
            BinaryOperator<Download> onSame,
            @Nullable Download alongside,
            Runnable checkpoint)
            throws SQLException {
        var rows = new ArrayList<Download>(wanted.size());
        for (var download : wanted) {
            checkpoint.run();
            var same = Lookups.same(session, download);
            rows.add(
                    same.isPresent()
                            ? merge(session, same.get(), download, onSame)
                            : insert(session, download));
        }
        if (alongside != null) {
            replace(session, alongside, null);
        }
        return rows;
    }

    static boolean update(Session session, Download seen, Download next) throws SQLException {
        if (!seen.id().equals(next.id())) {
            throw new IllegalArgumentException("A download keeps its id: " + seen.id());
        }
        return replace(session, next, seen);
    }

    static Optional<Download> remove(Session session, String id) throws SQLException {
        var found = Lookups.get(session, id);
        if (found.isPresent()) {
            session.update(
                    "DELETE FROM search WHERE seq = (SELECT seq FROM download WHERE id = ?)", id);
            session.update("DELETE FROM download WHERE id = ?", id);
        }
        return found;
    }

    private static Download merge(
            Session session, Download stored, Download wanted, BinaryOperator<Download> onSame)
            throws SQLException {
        var chosen = onSame.apply(stored, wanted);
        if (chosen.equals(stored)) {
            return stored;
        }
        if (chosen.id().equals(stored.id())) {
            replace(session, chosen, null);
            return chosen;
        }
        if (!chosen.id().equals(wanted.id())) {
            throw new IllegalArgumentException(
                    "Neither the stored nor the wanted download was chosen: " + chosen.id());
        }
        return insert(session, chosen);
    }

    private static Download insert(Session session, Download download) throws SQLException {
        session.update(Rows.INSERT, Rows.values(download));
        session.update(
                "INSERT INTO search (seq, text) VALUES (last_insert_rowid(), ?)",
                Texts.searched(download));
        return download;
    }

    /**
     * Writes a version over the one that is stored.
     *
     * @param seen the version that must be stored; null for any
     */
    private static boolean replace(Session session, Download next, @Nullable Download seen)
            throws SQLException {
        var change =
                session.first(
                        Rows.STORED + " WHERE id = ? AND updated = ifnull(?, updated)",
                        stored -> Change.to(next, stored),
                        next.id(),
                        seen == null ? null : Times.nanos(seen.updated()));
        if (change.isEmpty()) {
            return false;
        }
        change.get().write(session);
        return true;
    }

    /** What is to be written at a row's place. */
    private record Change(long seq, Sql columns, String searched) {

        static Change to(Download next, Row stored) throws SQLException {
            var seq = stored.number();
            return new Change(seq, Rows.change(stored, next), Texts.searched(next));
        }

        void write(Session session) throws SQLException {
            var row = columns.add("WHERE seq = ?", seq);
            session.update(row.text(), row.values());
            session.update(
                    "UPDATE search SET text = ?1 WHERE seq = ?2 AND text <> ?1", searched, seq);
        }
    }
}
