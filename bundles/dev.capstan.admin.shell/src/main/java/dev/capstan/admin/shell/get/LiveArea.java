package dev.capstan.admin.shell.get;

import java.io.PrintStream;
import java.util.List;

/**
 * The last lines of a terminal, painted again in place (ECMA-48). Each paint is one write, and
 * lines do not wrap while it lasts, so that a terminal that was made narrower is not filled with
 * pieces.
 */
public final class LiveArea {
    private static final String UP = "\u001b[A";
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String CLEAR_BELOW = "\r\u001b[J";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private List<String> painted = List.of();

    /** An area below what the stream shows now. */
    public LiveArea(PrintStream out) {
        this.out = out;
    }

    /** Replaces the lines; none leaves the cursor where the area began. */
    public void paint(List<String> lines) {
        if (lines.equals(painted)) {
            return;
        }
        var text = new StringBuilder(UP.repeat(painted.size()));
        if (!lines.isEmpty()) {
            text.append(NO_WRAP);
            for (var line : lines) {
                text.append(CLEAR_LINE).append(line).append('\n');
            }
            text.append(WRAP);
        }
        if (painted.size() > lines.size()) {
            text.append(CLEAR_BELOW);
        }
        painted = List.copyOf(lines);
        out.print(text);
        out.flush();
    }
}
