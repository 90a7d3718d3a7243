package dev.capstan.download.sqlite;

import dev.capstan.download.DownloadQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An order of the list: the index that has it, and its columns. Within one state each index is in
 * this order.
 *
 * @param index an index on the state and these columns
 * @param columns the sort key, and the id at the end
 * @param isText whether the key is a text and not numbers
 */
record Order(String index, List<String> columns, boolean isText) {
    private static final Order ADDED = numbers("download_by_added", "created");
    private static final Order NAME =
            new Order("download_by_name", List.of("name_key", "id"), true);
    private static final Order SIZE = numbers("download_by_size", "size");
    private static final Order STATE = numbers("download_by_state", "state");
    private static final Order PRIORITY =
            numbers("download_by_priority", "rank", "position", "created");

    static Order of(DownloadQuery.Sort sort) {
        return switch (sort) {
            case ADDED -> ADDED;
            case NAME -> NAME;
            case SIZE -> SIZE;
            case STATE -> STATE;
            case PRIORITY -> PRIORITY;
        };
    }

    /** The columns of a table. */
    String of(String table) {
        return columns.stream()
                .map(column -> table + "." + column)
                .collect(Collectors.joining(", "));
    }

    /** For {@code ORDER BY}, where these columns stand one after the other from a place on. */
    String by(int place, boolean descending) {
        return IntStream.range(place, place + columns.size())
                .mapToObj(column -> column + (descending ? " DESC" : ""))
                .collect(Collectors.joining(", "));
    }

    /** As many question marks as columns. */
    String marks() {
        return String.join(", ", Collections.nCopies(columns.size(), "?"));
    }

    /** What a cursor holds for each column. */
    List<Class<?>> types() {
        return columns.stream()
                .<Class<?>>map(column -> isText || column.equals("id") ? String.class : Long.class)
                .toList();
    }

    /** Reads the columns. */
    Cursor read(Row row) throws SQLException {
        var values = new ArrayList<Object>();
        for (var type : types()) {
            values.add(type == String.class ? row.text() : (Object) row.number());
        }
        return new Cursor(values);
    }

    private static Order numbers(String index, String... key) {
        var columns = new ArrayList<>(List.of(key));
        columns.add("id");
        return new Order(index, List.copyOf(columns), false);
    }
}
