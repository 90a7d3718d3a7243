package dev.capstan.download.sqlite;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * One connection and its prepared statements. For one thread at a time; only {@link #interrupt} is
 * for others.
 *
 * <p>Transactions are begun and ended by SQL alone. The driver is told that it is inside one for
 * good, so that it neither begins any by itself nor asks after each statement.
 */
final class Session implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Session.class.getName());
    private static final int STATEMENTS = 64;

    private final SQLiteConnection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

    /** Reads one row of a result. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    /** Takes one row of a result. */
    @FunctionalInterface
    interface Taker {
        void take(Row row) throws SQLException;
    }

    /** Runs a statement whose values are bound. */
    @FunctionalInterface
    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    Session(Connection connection) throws SQLException {
        this.connection = connection.unwrap(SQLiteConnection.class);
        connection.setAutoCommit(false);
        run("COMMIT");
    }

    /** Runs a statement; what it may answer is let go of, since it would keep a snapshot open. */
    void run(String sql) throws SQLException {
        use(
                sql,
                statement -> {
                    if (statement.execute()) {
                        statement.getResultSet().close();
                    }
                    return sql;
                });
    }

    /** Runs several statements, separated by semicolons. */
    void script(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** Undoes what the transaction did, whether or not SQLite has already done so. */
    void rollBack() {
        try {
            run("ROLLBACK");
        } catch (SQLException alreadyDone) {
            LOG.log(Level.DEBUG, "Nothing to roll back", alreadyDone);
        }
    }

    /** Changes rows and tells how many. */
    int update(String sql, @Nullable Object... values) throws SQLException {
        return use(sql, PreparedStatement::executeUpdate, values);
    }

    /** The first row of a result. */
    <T> Optional<T> first(String sql, Reader<T> reader, @Nullable Object... values)
            throws SQLException {
        return use(
                sql,
                statement -> {
                    try (var result = statement.executeQuery()) {
                        return result.next()
                                ? Optional.of(reader.read(new Row(result)))
                                : Optional.empty();
                    }
                },
                values);
    }

    /** All rows of a result. */
    <T> List<T> all(String sql, Reader<T> reader, @Nullable Object... values) throws SQLException {
        var rows = new ArrayList<T>();
        each(sql, row -> rows.add(reader.read(row)), values);
        return rows;
    }

    /** Hands each row of a result on. */
    void each(String sql, Taker taker, @Nullable Object... values) throws SQLException {
        use(
                sql,
                statement -> {
                    try (var result = statement.executeQuery()) {
                        while (result.next()) {
                            taker.take(new Row(result));
                        }
                        return sql;
                    }
                },
                values);
    }

    /** The one number a statement answers. */
    long number(String sql, @Nullable Object... values) throws SQLException {
        return first(sql, Row::number, values).orElse(0L);
    }

    /** The one text a statement answers. */
    String text(String sql) throws SQLException {
        return first(sql, Row::text).orElse("");
    }

    /** Breaks off the statement that runs now, if one does; for any thread. */
    void interrupt() throws SQLException {
        connection.getDatabase().interrupt();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** Runs a statement that is kept prepared, unless it fails: the driver has closed it then. */
    private <T> T use(String sql, Use<T> use, @Nullable Object... values) throws SQLException {
        var statement = prepare(sql);
        try {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return use.of(statement);
        } catch (SQLException e) {
            statements.remove(sql);
            try (statement) {
                throw e;
            }
        }
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        var known = statements.get(sql);
        if (known != null) {
            return known;
        }
        if (statements.size() == STATEMENTS) {
            var eldest = statements.entrySet().iterator().next();
            statements.remove(eldest.getKey());
            eldest.getValue().close();
        }
        var statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
        return statement;
    }
}
