package dev.capstan.admin.shell.call;

import dev.capstan.admin.shell.text.Style;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * The three standard streams of whoever makes a call, and what they are connected to.
 *
 * @param in what is typed or piped in
 * @param out receives results
 * @param err receives progress and errors
 * @param columns width of the terminal, 0 where neither result nor progress goes to one
 * @param outIsTerminal whether results are read by a person
 * @param errIsTerminal whether progress is
 * @param coloured whether a terminal may be coloured
 * @param questions asks who made the call
 */
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        int columns,
        boolean outIsTerminal,
        boolean errIsTerminal,
        boolean coloured,
        Questions questions) {

    private static final int USUAL_COLUMNS = 80;

    /** Flag of standard input in what processes tell each other of their streams. */
    public static final int IN = 1;

    /** Flag of standard output. */
    public static final int OUT = 2;

    /** Flag of standard error. */
    public static final int ERR = 4;

    /** Flag of a user who wants no colours. */
    public static final int PLAIN = 8;

    /** A terminal that tells no width is taken for one of the usual width. */
    public Console {
        if (!outIsTerminal && !errIsTerminal) {
            columns = 0;
        } else if (columns <= 0) {
            columns = USUAL_COLUMNS;
        }
    }

    /** Streams of which another process told by flags which ones are terminals. */
    public static Console of(
            InputStream in,
            PrintStream out,
            PrintStream err,
            int columns,
            int terminals,
            Questions questions) {
        return new Console(
                in,
                out,
                err,
                columns,
                (terminals & OUT) != 0,
                (terminals & ERR) != 0,
                (terminals & PLAIN) == 0,
                (terminals & IN) != 0 ? questions : Questions.NOBODY);
    }

    /** How results look. */
    public Style outStyle() {
        return outIsTerminal ? style() : Style.PLAIN;
    }

    /** How a terminal looks. */
    public Style style() {
        return coloured ? Style.COLOURED : Style.PLAIN;
    }

    /** How wide a result may be; 0 for any width. */
    public int outWidth() {
        return outIsTerminal ? columns : 0;
    }
}
