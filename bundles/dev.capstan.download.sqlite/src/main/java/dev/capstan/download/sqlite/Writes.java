package dev.capstan.download.sqlite;

import dev.capstan.download.Download;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Rows added, replaced and removed, each with the text it is found by. */
final class Writes {
    // A row that a worker no longer holds has no owner.
    private static final String REPLACE =
            Rows.UPDATE
                    + ", owner = iif(?, owner, NULL), lease_until = iif(?, lease_until, NULL)"
                    + " WHERE id = ? AND updated = ifnull(?, updated)";

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

    private static boolean replace(Session session, Download download, @Nullable Download seen)
            throws SQLException {
        var active = download.state().isActive() ? 1 : 0;
        var values = new ArrayList<>(Arrays.asList(Rows.values(download)));
        values.add(active);
        values.add(active);
        values.add(download.id());
        values.add(seen == null ? null : Times.nanos(seen.updated()));
        if (session.update(REPLACE, values.toArray()) == 0) {
            return false;
        }
        session.update(
                """
                UPDATE search SET text = ?1
                WHERE seq = (SELECT seq FROM download WHERE id = ?2) AND text <> ?1
                """,
                Texts.searched(download),
                download.id());
        return true;
    }
}
