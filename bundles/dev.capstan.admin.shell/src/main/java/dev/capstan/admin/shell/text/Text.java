package dev.capstan.admin.shell.text;

/**
 * Text in terminal columns: measured, cut and padded, and made harmless. Letters of East Asian
 * scripts take two columns, combining marks none.
 */
public final class Text {
    private static final char UNPRINTABLE = '\uFFFD';
    private static final String ELLIPSIS = "…";

    private Text() {}

    /**
     * Replaces what would act on a terminal instead of being read: control and format characters,
     * so that no foreign name can move the cursor or turn the reading direction.
     */
    public static String clean(String foreign) {
        for (int i = 0; i < foreign.length(); i++) {
            var c = foreign.charAt(i);
            if (c < ' ' || c > '~') {
                return cleanSlowly(foreign);
            }
        }
        return foreign;
    }

    /** How many columns a text takes. */
    public static int width(String text) {
        var width = 0;
        for (int i = 0; i < text.length(); ) {
            var codePoint = text.codePointAt(i);
            width += width(codePoint);
            i += Character.charCount(codePoint);
        }
        return width;
    }

    /** Cuts a text in the middle, so that its end stays visible: {@code Some.Sho…S01E02.mkv}. */
    public static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        if (columns < 1) {
            return "";
        }
        var tail = (columns - 1) / 2;
        return head(text, columns - 1 - tail) + ELLIPSIS + tail(text, tail);
    }

    /** Cuts the end of a text. */
    public static String cutEnd(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        return columns < 1 ? "" : head(text, columns - 1) + ELLIPSIS;
    }

    /** Fills a text with spaces behind it. */
    public static String left(String text, int columns) {
        return text + spaces(columns - width(text));
    }

    /** Fills a text with spaces before it. */
    public static String right(String text, int columns) {
        return spaces(columns - width(text)) + text;
    }

    /** Some spaces; none for a number below one. */
    public static String spaces(int count) {
        return " ".repeat(Math.max(0, count));
    }

    private static String cleanSlowly(String foreign) {
        var clean = new StringBuilder(foreign.length());
        for (int i = 0; i < foreign.length(); ) {
            var codePoint = foreign.codePointAt(i);
            i += Character.charCount(codePoint);
            switch (Character.getType(codePoint)) {
                case Character.CONTROL ->
                        clean.append(codePoint == '\n' || codePoint == '\t' ? ' ' : UNPRINTABLE);
                case Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR ->
                        clean.append(UNPRINTABLE);
                default -> clean.appendCodePoint(codePoint);
            }
        }
        return clean.toString();
    }

    private static String head(String text, int columns) {
        var taken = 0;
        var end = 0;
        while (end < text.length()) {
            var codePoint = text.codePointAt(end);
            taken += width(codePoint);
            if (taken > columns) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
    }

    private static String tail(String text, int columns) {
        var taken = 0;
        var start = text.length();
        for (int i = text.length(); i > 0; ) {
            var codePoint = text.codePointBefore(i);
            i -= Character.charCount(codePoint);
            taken += width(codePoint);
            if (taken > columns) {
                break;
            }
            if (width(codePoint) > 0) {
                start = i; // never between a letter and its marks
            }
        }
        return text.substring(start);
    }

    private static int width(int codePoint) {
        if (codePoint < 0x300) {
            return 1;
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    /** The blocks that Unicode's East Asian Width table calls wide, as whole blocks. */
    private static boolean isWide(int c) {
        return c >= 0x1100 && c <= 0x115F
                || c >= 0x2E80 && c <= 0xA4CF && c != 0x303F
                || c >= 0xAC00 && c <= 0xD7A3
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0xFE30 && c <= 0xFE6F
                || c >= 0xFF00 && c <= 0xFF60
                || c >= 0xFFE0 && c <= 0xFFE6
                || c >= 0x1F300 && c <= 0x1F64F
                || c >= 0x1F680 && c <= 0x1F6FF
                || c >= 0x1F900 && c <= 0x1F9FF
                || c >= 0x20000 && c <= 0x3FFFD;
    }
}
