package dev.capstan.download.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One row of a result, read column by column from the left. */
final class Row {
    private final ResultSet result;
    private int column;

    Row(ResultSet result) {
        this.result = result;
    }

    long number() throws SQLException {
        return result.getLong(++column);
    }

    @Nullable Long numberOrNull() throws SQLException {
        var value = result.getLong(++column);
        return result.wasNull() ? null : value;
    }

    boolean flag() throws SQLException {
        return number() != 0;
    }

    String text() throws SQLException {
        var value = result.getString(++column);
        if (value == null) {
            throw new SQLException("Column " + column + " is empty");
        }
        return value;
    }

    @Nullable String textOrNull() throws SQLException {
        return result.getString(++column);
    }
}
