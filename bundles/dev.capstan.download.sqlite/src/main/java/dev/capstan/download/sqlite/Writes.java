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
            var stored = Lookups.get(session, alongside.id());
            if (stored.isPresent()) {
                Change.of(stored.get(), alongside).write(session);
            }
        }
        return rows;
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
            Change.of(stored, chosen).write(session);
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

    /** What turns a stored version into the next one. */
    record Change(Sql row, @Nullable Sql search) {

        /** Made by the caller: all of them wait for the one thread that writes it. */
        static Change of(Download stored, Download next) {
            if (!stored.id().equals(next.id())) {
                throw new IllegalArgumentException("A download keeps its id: " + stored.id());
            }
            var row =
                    Rows.change(stored, next)
                            .add(
                                    "WHERE id = ? AND updated = ?",
                                    stored.id(),
                                    Times.nanos(stored.updated()));
            var text = Texts.searched(next);
            return new Change(
                    row,
                    text.equals(Texts.searched(stored))
                            ? null
                            : new Sql()
                                    .add(
                                            "UPDATE search SET text = ? WHERE seq ="
                                                    + " (SELECT seq FROM download WHERE id = ?)",
                                            text,
                                            next.id()));
        }

        /** Tells whether that version is the one that was stored. */
        boolean write(Session session) throws SQLException {
            if (session.update(row.text(), row.values()) == 0) {
                return false;
            }
            if (search != null) {
                session.update(search.text(), search.values());
            }
            return true;
        }
    }
}
