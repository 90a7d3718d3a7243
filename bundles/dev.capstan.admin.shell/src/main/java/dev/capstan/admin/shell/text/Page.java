package dev.capstan.admin.shell.text;

import org.jspecify.annotations.Nullable;

/** Labelled lines under a heading. Not safe for threads. */
public final class Page {
    private final Style style;
    private final int labelWidth;
    private final StringBuilder text = new StringBuilder();

    /** Begins a page whose labels take so many columns. */
    public Page(Style style, int labelWidth) {
        this.style = style;
        this.labelWidth = labelWidth;
    }

    /** A line of its own. */
    public Page heading(String heading) {
        text.append(Text.clean(heading)).append('\n');
        return this;
    }

    /** A labelled line; null leaves it out. */
    public Page line(String label, @Nullable String value) {
        return line(label, value, Style.Tint.NONE);
    }

    /** A labelled line in a colour; null leaves it out. */
    public Page line(String label, @Nullable String value, Style.Tint tint) {
        if (value != null && !value.isEmpty()) {
            var shown = Text.left(Text.clean(label), labelWidth);
            text.append("  ").append(style.apply(Style.Tint.QUIET, shown)).append("  ");
            text.append(style.apply(tint, Text.clean(value))).append('\n');
        }
        return this;
    }

    /** The lines, each ended. */
    @Override
    public String toString() {
        return text.toString();
    }
}
