package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.Console;
import dev.capstan.download.Download;
import java.io.PrintStream;
import java.util.Collection;

/** Shows how downloads go on. Used by one thread. */
interface Progress extends AutoCloseable {

    /** What fits a stream: live lines on a terminal, else a line now and then. */
    static Progress on(PrintStream stream, boolean terminal, Console console) {
        return terminal
                ? new LiveProgress(stream, console.columns(), console.style())
                : new PlainProgress(stream);
    }

    /** A download is under way from now on. */
    void begun(Download download);

    /**
     * Shows what is under way; called often, paints when it is time.
     *
     * @param open what is under way, with some of what waits
     * @param waiting how many more wait
     */
    void show(Collection<Download> open, long waiting);

    /** A download is completed. */
    void done(Tracker.Ended ended);

    /** Makes way for other lines on the same terminal. */
    void makeWay();

    /** Leaves the terminal clean. */
    @Override
    void close();
}
