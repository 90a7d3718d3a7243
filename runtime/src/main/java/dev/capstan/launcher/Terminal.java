package dev.capstan.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the three standard streams of this process are connected to.
 *
 * @param flags bit 0: standard input is a terminal, bit 1: standard output is, bit 2: standard
 *     error is one whose lines can be painted again, bit 3: no colours are wanted
 * @param columns the terminal's width, 0 where standard error is no terminal
 */
record Terminal(int flags, int columns) {

    private static final int INPUT = 1;
    private static final int OUTPUT = 2;
    private static final int ERROR = 4;
    private static final int PLAIN = 8;
    private static final int USUAL_WIDTH = 80;

    static Terminal ofThisProcess() {
        var flags = 0;
        for (var descriptor = 0; descriptor < 3; descriptor++) {
            flags |= isTerminal(descriptor) ? 1 << descriptor : 0;
        }
        var dumb = "dumb".equals(System.getenv("TERM"));
        if (dumb || !System.getenv().getOrDefault("NO_COLOR", "").isEmpty()) {
            flags |= PLAIN;
        }
        flags &= dumb ? ~ERROR : -1;
        return new Terminal(flags, (flags & ERROR) == 0 ? 0 : width(System.getenv("COLUMNS")));
    }

    /** Whether somebody can type and read here. */
    boolean interactive() {
        return (flags & INPUT) != 0 && (flags & OUTPUT) != 0;
    }

    private static int width(String columns) {
        try {
            var width = columns == null ? 0 : Integer.parseInt(columns);
            return width > 0 ? width : USUAL_WIDTH;
        } catch (NumberFormatException e) {
            return USUAL_WIDTH;
        }
    }

    /** Java tells only whether input and output both are; the system tells it of each. */
    private static boolean isTerminal(int descriptor) {
        try {
            var target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }
}
