package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.text.Units;
import dev.capstan.download.Download;
import java.time.Duration;

/** How a completed download is told. */
final class Done {
    private static final long TOO_SHORT_MILLIS = 1000;

    private Done() {}

    /** Its size, and what time and speed it took to fetch what was missing. */
    static String words(Tracker.Ended ended) {
        var download = ended.download();
        if (download.kind() == Download.Kind.LISTING) {
            return "the list was read";
        }
        var size = Math.max(download.metrics().size(), 0);
        var bytes = Units.bytes(size);
        if (size > 0 && ended.fetched() == 0) {
            return bytes + ", was here already";
        }
        return bytes + " in " + Units.took(ended.took()) + mean(ended.fetched(), ended.took());
    }

    private static String mean(long bytes, Duration took) {
        var millis = took.toMillis();
        var speed = millis < TOO_SHORT_MILLIS ? 0 : (long) (bytes * 1000.0 / millis);
        return speed == 0 ? "" : ", " + Units.speed(speed);
    }
}
