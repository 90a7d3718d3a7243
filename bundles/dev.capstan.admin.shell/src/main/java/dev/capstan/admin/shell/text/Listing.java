package dev.capstan.admin.shell.text;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A list of things that is shown as a table; as a list, the prompt's expressions take it apart.
 *
 * @param <T> what a row shows
 */
public final class Listing<T> extends AbstractList<T> implements Shown {
    private static final String GAP = "  ";
    private static final int NARROWEST = 8;

    private final List<T> items;
    private final List<Column<T>> columns;
    private final String note;

    /**
     * Makes a list.
     *
     * @param items the rows
     * @param columns how a row is shown
     * @param note a sentence below the table; alone where there are no rows; may be empty
     */
    public Listing(List<T> items, List<Column<T>> columns, String note) {
        this.items = List.copyOf(items);
        this.columns = List.copyOf(columns);
        this.note = note;
    }

    @Override
    public T get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public String render(int width, Style style) {
        var text = new StringBuilder();
        if (!items.isEmpty()) {
            table(width, style, text);
        }
        if (!note.isEmpty()) {
            text.append(style.apply(Style.Tint.QUIET, note)).append('\n');
        }
        return text.toString();
    }

    private void table(int width, Style style, StringBuilder text) {
        var grid = new ArrayList<String[]>();
        grid.add(row(Column::title));
        for (var item : items) {
            grid.add(row(column -> Text.clean(column.cell().apply(item))));
        }
        var widths = widths(width, grid);
        for (int r = 0; r < grid.size(); r++) {
            var gap = "";
            for (int c = 0; c < widths.length; c++) {
                if (widths[c] > 0) {
                    var cell = place(grid.get(r)[c], c, widths[c]);
                    text.append(gap).append(style.apply(tint(r, c), cell));
                    gap = GAP;
                }
            }
            text.append('\n');
        }
    }

    private String[] row(Function<Column<T>, String> cell) {
        var row = new String[columns.size()];
        for (int c = 0; c < row.length; c++) {
            row[c] = cell.apply(columns.get(c));
        }
        return row;
    }

    private Style.Tint tint(int row, int column) {
        return row == 0 ? Style.Tint.QUIET : columns.get(column).tint().apply(items.get(row - 1));
    }

    /** Numbers are left out, the last first, until the rest can be cut to the width: width 0. */
    private int[] widths(int width, List<String[]> grid) {
        var widths = new int[columns.size()];
        var total = -GAP.length();
        var slack = 0;
        for (int c = 0; c < widths.length; c++) {
            for (var row : grid) {
                widths[c] = Math.max(widths[c], Text.width(row[c]));
            }
            total += GAP.length() + widths[c];
            slack += slack(c, widths[c]);
        }
        for (int c = widths.length - 1; width > 0 && total - slack > width && c >= 0; c--) {
            if (columns.get(c).fit() == Column.Fit.RIGHT) {
                total -= GAP.length() + widths[c];
                widths[c] = 0;
            }
        }
        for (int c = widths.length - 1; width > 0 && total > width && c >= 0; c--) {
            var cut = Math.min(slack(c, widths[c]), total - width);
            widths[c] -= cut;
            total -= cut;
        }
        return widths;
    }

    private int slack(int c, int width) {
        return columns.get(c).fit() == Column.Fit.CUT ? Math.max(0, width - NARROWEST) : 0;
    }

    private String place(String cell, int c, int width) {
        return switch (columns.get(c).fit()) {
            case RIGHT -> Text.right(cell, width);
            case LEFT, CUT -> {
                var cut = Text.cut(cell, width);
                yield c == columns.size() - 1 ? cut : Text.left(cut, width);
            }
        };
    }
}
