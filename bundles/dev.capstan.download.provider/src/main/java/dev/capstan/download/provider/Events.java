package dev.capstan.download.provider;

import dev.capstan.event.Topics;
import dev.capstan.host.Account;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/**
 * Posts events in one order for everybody, from one thread, {@code capstan-events}: Event Admin
 * keeps the order of a thread only, and a download is moved by one thread after another.
 *
 * <p>A place in the order is taken <em>before</em> the store is written and filled after it. So
 * whoever sees a row as it was written posts behind the one who wrote it. Neighbours of one topic
 * go out as one list. Safe for any thread; nobody ever waits here.
 */
final class Events implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Events.class.getName());
    private static final int LIST_MOST = 1_000;
    private static final long CLOSE_MILLIS = 1_000;

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
    private final LinkedBlockingQueue<Place> places = new LinkedBlockingQueue<>();
    private final Thread thread;

    Events(EventAdmin admin) {
        this.admin = admin;
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

    /** Posts how a host's account stands. */
    void postAccount(String host, Account account) {
        reserve(Topics.HOST_ACCOUNT, Topics.HOST).fill(List.of(host, account));
    }

    private Place reserve(String topic, String property) {
        var place = new Place(topic, property);
        places.add(place);
        return place;
    }

    private void run() {
        try {
            for (var place = places.take(); place != END; place = places.take()) {
                deliver(place);
            }
        } catch (InterruptedException e) {
            // Only close() interrupts, when it has waited long enough.
        }
    }

    private void deliver(Place first) {
        var items = new ArrayList<Object>(first.items.join());
        if (first.property.equals(Topics.HOST)) {
            send(
                    first.topic,
                    items.size() == 1
                            ? Map.of(Topics.HOST, items.get(0))
                            : Map.of(Topics.HOST, items.get(0), Topics.ACCOUNT, items.get(1)));
            return;
        }
        for (var next = places.peek();
                next != null
                        && next.topic.equals(first.topic)
                        && next.items.isDone()
                        && items.size() < LIST_MOST;
                next = places.peek()) {
            items.addAll(next.items.join());
            places.remove();
        }
        if (!items.isEmpty()) {
            send(first.topic, Map.of(first.property, List.copyOf(items)));
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
