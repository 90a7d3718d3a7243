package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.text.Style;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Download;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Progress for terminals: a line for each download under way, painted again in place; what is done
 * scrolls up above them. What only waits is counted in the last line.
 */
final class LiveProgress implements Progress {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_LINES = 10;

    private final PrintStream out;
    private final int columns;
    private final Style style;
    private final Meter meter;
    private final LiveArea area;
    private long painted = System.nanoTime() - INTERVAL;
    private int done;

    LiveProgress(PrintStream out, int columns, Style style) {
        this.out = out;
        this.columns = columns;
        this.style = style;
        meter = new Meter(columns, style);
        area = new LiveArea(out);
    }

    @Override
    public void begun(Download download) {}

    @Override
    public void show(Collection<Download> open, long waiting) {
        var now = System.nanoTime();
        if (now - painted < INTERVAL) {
            return;
        }
        painted = now;
        var clock = Instant.now();
        var lines = new ArrayList<String>();
        var active = 0;
        var speed = 0L;
        for (var download : open) {
            if (download.state().isActive()) {
                active++;
                speed += download.metrics().bytesPerSecond();
            }
            if (lines.size() < MOST_LINES && (download.state().isActive() || open.size() == 1)) {
                lines.add(meter.line(download, clock));
            }
        }
        if (lines.isEmpty() || open.size() + waiting + done > 1) {
            lines.add(summary(active, open.size() - active + waiting, speed));
        }
        area.paint(lines);
    }

    @Override
    public void done(Tracker.Ended ended) {
        done++;
        var how = Done.words(ended);
        var mark = "✓ ";
        var room = Math.max(8, columns - 3 - Text.width(how) - Text.width(mark));
        makeWay();
        out.println(
                style.apply(Style.Tint.DONE, mark)
                        + Text.cut(Words.name(ended.download()), room)
                        + "  "
                        + style.apply(Style.Tint.QUIET, how));
        out.flush();
    }

    @Override
    public void makeWay() {
        area.paint(List.of());
        painted = System.nanoTime() - INTERVAL;
    }

    @Override
    public void close() {
        makeWay();
    }

    private String summary(int active, long waiting, long speed) {
        var words = new StringBuilder();
        words.append(done).append(" done, ").append(active).append(" active, ");
        words.append(waiting).append(" waiting");
        if (speed > 0) {
            words.append(", ").append(Units.speed(speed));
        }
        return style.apply(Style.Tint.QUIET, Text.cutEnd(words.toString(), columns - 1));
    }
}
