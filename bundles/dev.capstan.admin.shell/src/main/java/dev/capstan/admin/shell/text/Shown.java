package dev.capstan.admin.shell.text;

/** Something that knows how it looks. */
public interface Shown {

    /**
     * Its lines, each ended.
     *
     * @param width columns there are, 0 for any number
     * @param style whether colours are seen
     */
    String render(int width, Style style);
}
