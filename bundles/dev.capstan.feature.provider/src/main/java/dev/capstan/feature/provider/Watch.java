package dev.capstan.feature.provider;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Calls somebody whenever a folder changes, and every second all the same: network file systems
 * tell nothing, and the folder may be replaced. Has a thread of its own, {@code capstan-drop-in}.
 */
final class Watch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Watch.class.getName());

    private final Path folder;
    private final Visit visit;
    private final WatchService watcher;
    private final Thread thread = new Thread(this::watch, "capstan-drop-in");
    private @Nullable WatchKey key;

    Watch(Path folder, Visit visit) throws IOException {
        this.folder = folder;
        this.visit = visit;
        this.watcher = FileSystems.getDefault().newWatchService();
        thread.setDaemon(true);
        thread.start();
    }

    /** Looks at the folder and tells after which time it wants to look again at the latest. */
    interface Visit {
        Duration look() throws InterruptedException;
    }

    private void watch() {
        try {
            while (true) {
                var pause = visit.look();
                register();
                var signalled = watcher.poll(pause.toMillis(), MILLISECONDS);
                if (signalled != null) {
                    signalled.pollEvents();
                    signalled.reset();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.log(Level.DEBUG, "No longer watching {0}", folder);
        }
    }

    private void register() {
        if (key != null && key.isValid()) {
            return;
        }
        try {
            key = folder.register(watcher, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, folder + " is not watched now", e);
        }
    }

    @Override
    public void close() throws IOException {
        thread.interrupt();
        watcher.close();
    }
}
