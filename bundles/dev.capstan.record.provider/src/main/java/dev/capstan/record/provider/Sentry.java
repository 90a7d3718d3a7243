package dev.capstan.record.provider;

import dev.capstan.content.ContentReader;
import dev.capstan.download.DownloadException;
import dev.capstan.record.RecordException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.function.Consumer;
import org.osgi.util.promise.Promise;

/**
 * Looks at the first bytes of what is being fetched as soon as they are there (E1, E11), so that a
 * page in place of a film is not fetched to its end. Whoever passes is looked at once more when it
 * is whole.
 *
 * <p>Safe for any number of threads.
 */
final class Sentry {
    private static final System.Logger LOG = System.getLogger(Sentry.class.getName());

    private final Tracks tracks;
    private final Threads threads;

    Sentry(Tracks tracks, Threads threads) {
        this.tracks = tracks;
        this.threads = threads;
    }

    /**
     * Looks at what a reader gives, and closes it.
     *
     * @param refuse is told if it is no media; of any other trouble the fetch itself will tell
     * @return resolves when the reader is closed
     */
    Promise<Boolean> watch(ContentReader reader, URI link, Consumer<Throwable> refuse) {
        var left = threads.promises().<Boolean>deferred();
        threads.runWaiting(
                () -> {
                    try {
                        look(reader, link, refuse);
                    } finally {
                        left.resolve(true);
                    }
                });
        return left.getPromise();
    }

    private void look(ContentReader reader, URI link, Consumer<Throwable> refuse)
            throws InterruptedException {
        try (reader) {
            tracks.judge(reader, link);
        } catch (RecordException e) {
            refuse.accept(e);
        } catch (DownloadException e) {
            LOG.log(Level.DEBUG, "The fetch will tell what is wrong", e);
        }
    }
}
