package dev.capstan.admin.rest.events;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.event.Topics;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * Where events and clients meet: everything happens on one thread, {@code capstan-event-hub}, one
 * after the other, so there is nothing to lock and nobody to wait for. It never waits for a client
 * (W1): what is to be sent is handed to the network, which calls back.
 *
 * <p>Any thread may call.
 */
@Component(
        service = {EventHub.class, EventHandler.class},
        property = EventConstants.EVENT_TOPIC + "=" + Topics.ALL)
public final class EventHub implements EventHandler {
    private static final System.Logger LOG = System.getLogger(EventHub.class.getName());
    private static final long TICK_MILLIS = 125;
    private static final long CLOSE_MILLIS = 1_000;

    private final ScheduledThreadPoolExecutor thread;
    private final Broadcast broadcast;

    /** The clock ticks while there are clients. Used by the hub's thread. */
    private @Nullable ScheduledFuture<?> clock;

    /** Begins with nobody. */
    @Activate
    public EventHub() {
        thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            var made = new Thread(task, "capstan-event-hub");
                            made.setDaemon(true);
                            return made;
                        });
        thread.setRemoveOnCancelPolicy(true);
        // Nothing happens a million times a second, so a later life's revisions are higher.
        broadcast =
                new Broadcast(
                        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now(Clock.systemUTC())),
                        this::later,
                        System::nanoTime);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDownloads(Downloads downloads) {
        later(() -> read(downloads));
    }

    void unbindDownloads(Downloads downloads) {
        // What it told stays told; the next one is read anew.
    }

    /**
     * Asks a queue that has just come what is active in it; from then on its events tell. This
     * component is registered before it is made, so no event falls between.
     */
    private void read(Downloads downloads) {
        try {
            broadcast.read(active(downloads), downloads.statistics());
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "The queue has gone again", e);
        }
    }

    private static List<Download> active(Downloads downloads) {
        var active = EnumSet.allOf(DownloadState.class);
        active.removeIf(state -> !state.isActive());
        var query = DownloadQuery.ALL.withStates(active).withLimit(DownloadQuery.MAX_LIMIT);
        var found = new ArrayList<Download>();
        var page = downloads.list(query);
        found.addAll(page.items());
        while (page.next() != null) {
            page = downloads.list(query.from(page.next()));
            found.addAll(page.items());
        }
        return found;
    }

    @Override
    public void handleEvent(Event event) {
        later(() -> broadcast.accept(event));
    }

    void join(Wire wire) {
        later(
                () -> {
                    broadcast.join(wire);
                    if (clock == null) {
                        clock =
                                thread.scheduleWithFixedDelay(
                                        guarded(this::tick),
                                        TICK_MILLIS,
                                        TICK_MILLIS,
                                        TimeUnit.MILLISECONDS);
                    }
                });
    }

    void heard(Wire wire, String text) {
        later(() -> broadcast.heard(wire, text));
    }

    void heard(Wire wire) {
        later(() -> broadcast.heard(wire));
    }

    void leave(Wire wire) {
        later(() -> broadcast.leave(wire));
    }

    private void tick() {
        broadcast.tick();
        if (!broadcast.hasClients() && clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }

    private void later(Runnable task) {
        try {
            thread.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            // It stops, and with it whatever this was for.
        }
    }

    /** A fault in one message is no reason to end the others. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "An event was not told", e);
            }
        };
    }

    /** Says good-bye to all clients. */
    @Deactivate
    void stop() throws InterruptedException {
        later(broadcast::close);
        thread.shutdown();
        if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
            thread.shutdownNow();
        }
    }
}
