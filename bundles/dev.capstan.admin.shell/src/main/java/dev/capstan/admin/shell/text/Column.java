package dev.capstan.admin.shell.text;

import java.util.function.Function;

/**
 * A column of a table.
 *
 * @param <T> what a row shows
 * @param title its heading
 * @param fit how it takes its place
 * @param cell its text for a row
 * @param tint its colour for a row
 */
public record Column<T>(
        String title, Fit fit, Function<T, String> cell, Function<T, Style.Tint> tint) {

    /** How a column takes its place. */
    public enum Fit {
        /** Begins at the left, as wide as its widest cell. */
        LEFT,
        /** Ends at the right, as wide as its widest cell. */
        RIGHT,
        /** Begins at the left, cut in the middle where the table is too wide. */
        CUT
    }

    /** A column that begins at the left. */
    public static <T> Column<T> left(String title, Function<T, String> cell) {
        return new Column<>(title, Fit.LEFT, cell, row -> Style.Tint.NONE);
    }

    /** A column of numbers. */
    public static <T> Column<T> right(String title, Function<T, String> cell) {
        return new Column<>(title, Fit.RIGHT, cell, row -> Style.Tint.NONE);
    }

    /** A column that gives way where the terminal is narrow. */
    public static <T> Column<T> cut(String title, Function<T, String> cell) {
        return new Column<>(title, Fit.CUT, cell, row -> Style.Tint.NONE);
    }

    /** The same column in colours. */
    public Column<T> tinted(Function<T, Style.Tint> newTint) {
        return new Column<>(title, fit, cell, newTint);
    }
}
