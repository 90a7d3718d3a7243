package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Download;
import dev.capstan.download.Phase;
import java.time.Instant;

/**
 * One download as one line of a terminal: name, bar, percent, bytes, speed, time left, connections.
 * What a narrow terminal has no place for is left out, the least important first; numbers keep
 * their columns, so that nothing jumps.
 */
final class Meter {
    private static final int NAME_LEAST = 18;
    private static final int NAME_MOST = 44;
    private static final int BAR_LEAST = 10;
    private static final int BAR_MOST = 40;
    private static final int PERCENT = 4;
    private static final int SPEED = 10;
    private static final int LEFT = 8;
    private static final int BYTES = 13;
    private static final int CONNECTIONS = 3;
    private static final int GAP = 2;

    private final Style style;
    private final int name;
    private final int bar;
    private final boolean speed;
    private final boolean left;
    private final boolean bytes;
    private final boolean connections;

    /** Divides the columns of a terminal; the last one stays free, where some terminals wrap. */
    Meter(int columns, Style style) {
        this.style = style;
        var free = columns - 1 - NAME_LEAST - GAP - PERCENT;
        speed = free >= GAP + SPEED;
        free -= speed ? GAP + SPEED : 0;
        var hasBar = free >= GAP + BAR_LEAST;
        free -= hasBar ? GAP + BAR_LEAST : 0;
        left = free >= GAP + LEFT;
        free -= left ? GAP + LEFT : 0;
        bytes = free >= GAP + BYTES;
        free -= bytes ? GAP + BYTES : 0;
        connections = free >= GAP + CONNECTIONS;
        free -= connections ? GAP + CONNECTIONS : 0;
        var wider = Math.min(hasBar ? free * 2 / 3 : free, NAME_MOST - NAME_LEAST);
        name = Math.max(1, NAME_LEAST + wider);
        bar = hasBar ? Math.min(BAR_LEAST + free - wider, BAR_MOST) : 0;
    }

    /** The line of a download. */
    String line(Download download, Instant now) {
        var line = new StringBuilder(Text.left(Text.cut(Words.name(download), name), name));
        if (download.status().phase() == Phase.TRANSFERRING) {
            numbers(download, line);
        } else {
            var doing = Text.cutEnd(Words.doing(download, now), rest());
            line.append(Text.spaces(GAP)).append(style.apply(Words.tint(download), doing));
        }
        return line.toString().stripTrailing();
    }

    private void numbers(Download download, StringBuilder line) {
        var metrics = download.metrics();
        var fraction = metrics.fraction();
        if (bar > 0) {
            line.append(Text.spaces(GAP));
            bar(fraction.orElse(0), line);
        }
        var percent = fraction.isPresent() ? Units.percent(fraction.getAsDouble()) : "";
        cell(percent, PERCENT, line);
        if (bytes) {
            cell(Units.bytes(metrics.downloaded(), metrics.size()), BYTES, line);
        }
        if (speed) {
            cell(Units.speed(metrics.bytesPerSecond()), SPEED, line);
        }
        if (left) {
            cell(metrics.eta().map(Units::clock).orElse(""), LEFT, line);
        }
        if (connections) {
            cell(metrics.connections() + "×", CONNECTIONS, line);
        }
    }

    private void bar(double fraction, StringBuilder line) {
        var filled = (int) (fraction * bar);
        line.append(style.apply(Style.Tint.MOVING, "━".repeat(filled)));
        line.append(style.apply(Style.Tint.QUIET, "─".repeat(bar - filled)));
    }

    private void cell(String text, int width, StringBuilder line) {
        line.append(Text.spaces(GAP)).append(Text.right(text, width));
    }

    private int rest() {
        return (bar > 0 ? GAP + bar : 0)
                + PERCENT
                + (bytes ? GAP + BYTES : 0)
                + (speed ? GAP + SPEED : 0)
                + (left ? GAP + LEFT : 0)
                + (connections ? GAP + CONNECTIONS : 0);
    }
}
