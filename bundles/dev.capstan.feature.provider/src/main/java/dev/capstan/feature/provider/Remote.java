package dev.capstan.feature.provider;

import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.download.RefusedException;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.util.promise.Promise;

/**
 * Fetches plug-ins that lie elsewhere, as any download is fetched: with the guard for what an
 * operator asks, its limits and its proofs. There while the queue is.
 *
 * <p>Any number of threads fetch; each waits for its own download, and events wake them.
 */
@Component(
        service = {Remote.class, EventHandler.class},
        property = {
            EventConstants.EVENT_TOPIC + "=" + Topics.DOWNLOAD_STATE,
            EventConstants.EVENT_TOPIC + "=" + Topics.DOWNLOAD_REMOVED
        })
public final class Remote implements EventHandler {
    private static final System.Logger LOG = System.getLogger(Remote.class.getName());
    private static final long MOST_NANOS = Duration.ofMinutes(10).toNanos();

    private final Downloads downloads;
    private final Object changed = new Object();
    private int changes;
    private boolean gone;

    /** Uses the queue. */
    @Activate
    public Remote(@Reference Downloads downloads) {
        this.downloads = downloads;
    }

    /** Whoever waits is told that the queue went. */
    @Deactivate
    void stop() {
        synchronized (changed) {
            gone = true;
            changes++;
            changed.notifyAll();
        }
    }

    @Override
    public void handleEvent(Event event) {
        synchronized (changed) {
            changes++;
            changed.notifyAll();
        }
    }

    /** Whether something lies where only a download gets it. */
    static boolean is(URI location) {
        var scheme = String.valueOf(location.getScheme()).toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https");
    }

    /**
     * Fetches a file.
     *
     * @param name what to call it, or null for the name it comes with
     * @param folder where it is put; nobody else's
     */
    Path fetch(URI location, @Nullable String name, Path folder) throws FeatureException {
        var request =
                DownloadRequest.of(location.toString())
                        .trust(Trust.OPERATOR)
                        .fileName(name)
                        .folder(folder);
        var added = await(downloads.add(List.of(request))).get(0);
        var row = added.download();
        if (row == null) {
            throw failure(
                    String.valueOf(added.refusal() == null ? null : added.refusal().getMessage()));
        }
        try {
            return end(row.id());
        } finally {
            forget(row.id());
        }
    }

    private Path end(String id) throws FeatureException {
        var begin = System.nanoTime();
        for (var seen = -1; System.nanoTime() - begin < MOST_NANOS; ) {
            seen = awaitChange(seen);
            var row = downloads.get(id).orElse(null);
            if (row == null) {
                throw failure("somebody removed the download");
            }
            var placed = row.target().placed();
            if (row.state() == DownloadState.COMPLETED && placed != null) {
                return placed;
            }
            var error = row.status().error();
            if (error != null || row.state().isEnded()) {
                // An operator waits here: what the queue would try again is theirs to repeat.
                throw failure(error == null ? "it was cancelled" : error.message());
            }
        }
        throw failure("it takes longer than ten minutes");
    }

    /** Waits, a second at most, for something to have changed since it was looked at. */
    private int awaitChange(int seen) throws FeatureException {
        synchronized (changed) {
            try {
                if (changes == seen) {
                    changed.wait(1_000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure("nobody waits for it any more");
            }
            if (gone) {
                throw failure("the download queue went");
            }
            return changes;
        }
    }

    private void forget(String id) {
        try {
            await(downloads.remove(id, false));
        } catch (FeatureException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "The download of a plug-in stays listed", e);
        }
    }

    private static <T> T await(Promise<T> promise) throws FeatureException {
        try {
            return promise.getValue();
        } catch (InvocationTargetException e) {
            var cause = e.getCause();
            throw failure(
                    cause instanceof RefusedException refusal
                            ? String.valueOf(refusal.getMessage())
                            : String.valueOf(cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("nobody waits for it any more");
        }
    }

    private static FeatureException failure(String why) {
        return new FeatureException(Reason.IO, "It was not fetched: " + why, null);
    }
}
