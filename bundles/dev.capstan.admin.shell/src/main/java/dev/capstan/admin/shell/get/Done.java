package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.text.Units;
import dev.capstan.download.Download;
import java.time.Duration;

/** How a completed download is told. */
final class Done {

    private Done() {}

    /** Size, time and mean speed. */
    static String words(Download download, Duration took) {
        if (download.kind() == Download.Kind.LISTING) {
            return "the list was read";
        }
        var bytes = download.metrics().size();
        var millis = took.toMillis();
        if (bytes < 0) {
            return "done in " + Units.took(took);
        }
        var mean = millis < 1000 ? "" : ", " + Units.speed((long) (bytes * 1000.0 / millis));
        return Units.bytes(bytes) + " in " + Units.took(took) + mean;
    }
}
