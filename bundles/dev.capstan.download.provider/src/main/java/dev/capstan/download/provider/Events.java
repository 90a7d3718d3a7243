package dev.capstan.download.provider;

import dev.capstan.download.DownloadState;
import dev.capstan.download.Statistics;
import dev.capstan.download.spi.StoreException;
import dev.capstan.event.Topics;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/**
 * Posts events in one order for everybody, from one thread, {@code capstan-events}: Event Admin
 * keeps the order of a thread only, and a download is moved by one thread after another.
 *
 * <p>A place in the order is taken <em>before</em> the store is written and filled after it. So
 * whoever sees a row as it was written posts behind the one who wrote it. Neighbours of one topic
 * go out as one list, and after each look at the line there is a short pause in which others join
 * it. Safe for any thread; nobody ever waits here.
 */
final class Events implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Events.class.getName());
    private static final int LIST_MOST = 1_000;

    /** What changes how many downloads are in each state. */
    private static final Set<String> COUNTED =
            Set.of(Topics.DOWNLOAD_ADDED, Topics.DOWNLOAD_STATE, Topics.DOWNLOAD_REMOVED);

    private static final long CLOSE_MILLIS = 1_000;

    /** Nobody sees so short a delay, and many small files come to one event meanwhile. */
    private static final long PAUSE_MILLIS = 10;

    /** A place in the order. Must be filled or given up, else all behind it wait. */
    static final class Place {
        private final String topic;
        private final String property;
        private final CompletableFuture<List<?>> items = new CompletableFuture<>();

        private Place(String topic, String property) {
            this.topic = topic;
            this.property = property;
        }

        void fill(List<?> values) {
            items.complete(List.copyOf(values));
        }

        void giveUp() {
            items.complete(List.of());
        }
    }

    private static final Place END = new Place("", "");

    private final EventAdmin admin;
    private final Supplier<Map<DownloadState, Long>> counts;
    private final LinkedBlockingQueue<Place> places = new LinkedBlockingQueue<>();
    private final Thread thread;

    /**
     * Posts to a service.
     *
     * @param counts downloads for each state, asked after the change was stored
     */
    Events(EventAdmin admin, Supplier<Map<DownloadState, Long>> counts) {
        this.admin = admin;
        this.counts = counts;
        thread = new Thread(this::run, "capstan-events");
        thread.setDaemon(true);
        END.giveUp();
    }

    void start() {
        thread.start();
    }

    /** Takes a place for an event that carries downloads. */
    Place reserve(String topic) {
        return reserve(topic, Topics.DOWNLOADS);
    }

    /** Posts a list. */
    void post(String topic, String property, List<?> values) {
        if (!values.isEmpty()) {
            reserve(topic, property).fill(values);
        }
    }

    /** Posts that something happened to a host. */
    void postHost(String topic, String host) {
        reserve(topic, Topics.HOST).fill(List.of(host));
    }

    /** Posts the numbers of the whole queue. */
    void postStatistics(Statistics statistics) {
        reserve(Topics.STATISTICS_CHANGED, Topics.STATISTICS).fill(List.of(statistics));
    }

    private Place reserve(String topic, String property) {
        var place = new Place(topic, property);
        places.add(place);
        return place;
    }

    /** All that is in line goes out between two pauses, so that these delay but dam up nothing. */
    private void run() {
        var line = new ArrayDeque<Place>();
        try {
            while (true) {
                var first = places.take();
                // What comes while it is not filled goes along with it.
                first.items.join();
                line.add(first);
                places.drainTo(line);
                while (!line.isEmpty()) {
                    var place = line.remove();
                    if (place == END) {
                        return;
                    }
                    deliver(place, line);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            // Only close() interrupts, when it has waited long enough.
        }
    }

    private void deliver(Place first, Queue<Place> behind) {
        var items = new ArrayList<Object>(first.items.join());
        if (first.property.equals(Topics.HOST)) {
            send(first.topic, Map.of(Topics.HOST, items.get(0)));
            return;
        }
        if (first.property.equals(Topics.STATISTICS)) {
            send(first.topic, Map.of(Topics.STATISTICS, items.get(0)));
            return;
        }
        for (var next = behind.peek();
                next != null
                        && next.topic.equals(first.topic)
                        && next.items.isDone()
                        && items.size() < LIST_MOST;
                next = behind.peek()) {
            items.addAll(next.items.join());
            behind.remove();
        }
        if (!items.isEmpty()) {
            var properties = new HashMap<String, Object>();
            properties.put(first.property, List.copyOf(items));
            if (COUNTED.contains(first.topic)) {
                count(properties);
            }
            send(first.topic, properties);
        }
    }

    /** What happened is told even where it cannot be counted. */
    private void count(Map<String, Object> properties) {
        try {
            properties.put(Topics.COUNTS, counts.get());
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.DEBUG, "Downloads were not counted", e);
        }
    }

    private void send(String topic, Map<String, ?> properties) {
        try {
            admin.postEvent(new Event(topic, properties));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "An event was not posted: " + topic, e);
        }
    }

    /** Posts what is in line, within a second. */
    @Override
    public void close() {
        places.add(END);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
