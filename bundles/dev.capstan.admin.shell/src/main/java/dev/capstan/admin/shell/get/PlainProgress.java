package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Download;
import dev.capstan.download.Phase;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** Progress for logs: a line as a download begins, one every ten seconds, one as it ends. */
final class PlainProgress implements Progress {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_LINES = 10;

    private final PrintStream out;
    private long next = System.nanoTime() + INTERVAL;

    PlainProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begun(Download download) {
        line(Words.name(download) + ": " + Words.doing(download, Instant.now()));
    }

    @Override
    public void show(Collection<Download> open, long waiting) {
        var now = System.nanoTime();
        if (now - next < 0) {
            return;
        }
        next = now + INTERVAL;
        var lines = 0;
        for (var download : open) {
            if (download.state().isActive() && lines++ < MOST_LINES) {
                line(Words.name(download) + ": " + numbers(download));
            }
        }
        if (lines == 0 || lines > MOST_LINES) {
            line(Units.count(open.size() + waiting, "download") + " to go");
        }
    }

    @Override
    public void done(Tracker.Ended ended) {
        line(Words.name(ended.download()) + ": " + Done.words(ended));
    }

    @Override
    public void makeWay() {}

    @Override
    public void close() {}

    private static String numbers(Download download) {
        var metrics = download.metrics();
        if (download.status().phase() != Phase.TRANSFERRING) {
            return Words.doing(download, Instant.now());
        }
        var text = new StringBuilder(Units.bytes(metrics.downloaded(), metrics.size()));
        metrics.fraction().ifPresent(part -> text.append(", ").append(Units.percent(part)));
        text.append(", ").append(Units.speed(metrics.bytesPerSecond()));
        metrics.eta().ifPresent(eta -> text.append(", ").append(Units.clock(eta)).append(" left"));
        return text.toString();
    }

    private void line(String text) {
        out.println(text);
        out.flush();
    }
}
