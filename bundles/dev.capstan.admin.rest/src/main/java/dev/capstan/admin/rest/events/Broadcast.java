package dev.capstan.admin.rest.events;

import dev.capstan.admin.rest.events.Message.Item;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.json.BatchJson;
import dev.capstan.admin.rest.json.DownloadJson;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.admin.rest.json.StatisticsJson;
import dev.capstan.download.Batch;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Statistics;
import dev.capstan.event.Topics;
import dev.capstan.room.Room;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.event.Event;

/**
 * Turns what is posted in this host into revisions, and gives them to the clients. It knows what
 * events told, and reads nothing.
 *
 * <p>A snapshot and the stream after it fit, since both are made here, one after the other. Used by
 * one thread.
 */
final class Broadcast {
    static final Duration PROGRESS_EVERY = Duration.ofMillis(250);
    static final Duration SUMMARIES_EVERY = Duration.ofSeconds(1);

    /** A room is told whole: one of many members and pieces is large, and moves all the time. */
    static final Duration ROOMS_EVERY = Duration.ofMillis(500);

    /** A page knows by it that the host is there; it cannot see pings. */
    static final Duration SUMMARIES_AT_LEAST = Duration.ofSeconds(20);

    private final Map<Wire, Client> clients = new LinkedHashMap<>();
    private final Active active = new Active();
    private final Ring ring = new Ring();
    private final Executor hub;
    private final LongSupplier nanos;

    private long rev;

    /** Nothing is kept for those who come back before anybody has come. */
    private boolean hasHadClients;

    private boolean wasRead;
    private Map<DownloadState, Long> counts = Map.of();
    private JsonObject statistics = JsonValue.EMPTY_JSON_OBJECT;
    private final Map<String, Batch> batches = new LinkedHashMap<>();

    /** Rooms in which pieces moved, as they are now, by id. */
    private final Map<String, Room> rooms = new LinkedHashMap<>();

    /** What was told last of each of them, unless all of the room was told since. */
    private final Map<String, Message> toldRooms = new LinkedHashMap<>();

    private final Pace progressPace;
    private final Pace statisticsPace;
    private final Pace batchesPace;
    private final Pace roomsPace;
    private @Nullable Message snapshot;

    /**
     * Begins.
     *
     * @param rev revisions come after this; higher than any of an earlier life, so that clients of
     *     that are told to load again
     * @param hub runs what comes from other threads
     */
    Broadcast(long rev, Executor hub, LongSupplier nanos) {
        this.rev = rev;
        this.hub = hub;
        this.nanos = nanos;
        var now = nanos.getAsLong();
        progressPace = new Pace(PROGRESS_EVERY, now);
        statisticsPace = new Pace(SUMMARIES_EVERY, now);
        batchesPace = new Pace(SUMMARIES_EVERY, now);
        roomsPace = new Pace(ROOMS_EVERY, now);
    }

    static Message resync(long rev) {
        return Message.of("resync", rev, JsonValue.EMPTY_JSON_OBJECT);
    }

    // What happens in the host.

    /**
     * Takes what is active now from a queue that has just come. What clients know of the one before
     * may be wrong.
     */
    void read(Collection<Download> downloads, Statistics numbers) {
        active.read(downloads);
        take(numbers);
        if (wasRead) {
            publish(resync(++rev));
        }
        wasRead = true;
    }

    /** Takes an event. */
    void accept(Event event) {
        switch (event.getTopic()) {
            case Topics.DOWNLOAD_ADDED, Topics.DOWNLOAD_STATE, Topics.DOWNLOAD_REMOVED ->
                    moved(event);
            case Topics.DOWNLOAD_PROGRESS -> {
                active.progressed(list(event, Topics.DOWNLOADS, Download.class));
                progressPace.due();
                snapshot = null;
            }
            case Topics.STATISTICS_CHANGED -> {
                if (event.getProperty(Topics.STATISTICS) instanceof Statistics numbers) {
                    take(numbers);
                }
            }
            case Topics.BATCH_CHANGED ->
                    list(event, Topics.BATCHES, Batch.class)
                            .forEach(batch -> batches.put(batch.id(), batch));
            case Topics.ROOM_PIECE -> {
                if (event.getProperty(Topics.ROOM) instanceof Room room) {
                    rooms.put(room.id(), room);
                    roomsPace.due();
                }
            }
            default -> {
                if (event.getProperty(Topics.ROOM) instanceof Room room) {
                    rooms.remove(room.id()); // all of it is told now
                    toldRooms.remove(room.id());
                }
                var told = Telling.of(event);
                if (told != null) {
                    publish(Message.of(Telling.type(event), ++rev, told));
                }
            }
        }
        summarise();
    }

    private void moved(Event event) {
        var downloads =
                list(event, Topics.DOWNLOADS, Download.class).stream()
                        .filter(each -> !active.isOutdated(each))
                        .toList();
        if (downloads.isEmpty()) {
            return;
        }
        var isRemoval = event.getTopic().equals(Topics.DOWNLOAD_REMOVED);
        downloads.forEach(isRemoval ? active::removed : active::moved);
        var more = new Fields();
        if (event.getProperty(Topics.COUNTS) instanceof Map<?, ?> told) {
            counts = counts(told);
            more.put("counts", DownloadJson.counts(counts));
        }
        rev++;
        if (hasHadClients) {
            var items =
                    downloads.stream()
                            .map(each -> Item.of(each.id(), DownloadJson.of(each)))
                            .toList();
            publish(Message.ofDownloads(Telling.type(event), rev, items, more.object()));
        }
    }

    private void take(Statistics numbers) {
        counts = numbers.counts();
        statistics = StatisticsJson.of(numbers);
        statisticsPace.due();
        snapshot = null;
    }

    private static Map<DownloadState, Long> counts(Map<?, ?> told) {
        var counts = new EnumMap<DownloadState, Long>(DownloadState.class);
        told.forEach(
                (state, count) -> {
                    if (state instanceof DownloadState known && count instanceof Long number) {
                        counts.put(known, number);
                    }
                });
        return counts;
    }

    private static <T> List<T> list(Event event, String property, Class<T> type) {
        return event.getProperty(property) instanceof Collection<?> values
                ? values.stream().filter(type::isInstance).map(type::cast).toList()
                : List.of();
    }

    private void publish(Message message) {
        if (hasHadClients) {
            ring.add(message);
            clients.values().forEach(client -> client.offer(rev));
        }
    }

    /** Tells what stands for many changes, as often as it may. */
    private void summarise() {
        var now = nanos.getAsLong();
        if (progressPace.take(now)) {
            rev++;
            live(client -> client.offerProgress(rev));
        }
        if (!batches.isEmpty()) {
            batchesPace.due();
        }
        if (batchesPace.take(now)) {
            rev++;
            var changed = new Fields().put("batches", BatchJson.list(batches.values()));
            batches.clear();
            publish(Message.of("batch", rev, changed.object()));
        }
        if (roomsPace.take(now)) {
            if (hasHadClients) {
                rooms.values().forEach(this::tell);
            }
            rooms.clear();
        }
        if (statisticsPace.silence(now).compareTo(SUMMARIES_AT_LEAST) >= 0) {
            statisticsPace.due();
        }
        if (statisticsPace.take(now)) {
            rev++;
            var newest = statistics();
            live(client -> client.offerStatistics(newest));
        }
    }

    private void tell(Room room) {
        rev++;
        var newest = Message.of(Telling.type(Topics.ROOM_PIECE), rev, Telling.of(room));
        toldRooms.put(room.id(), newest);
        live(client -> client.offerRoom(room.id(), newest));
    }

    private void live(Consumer<Client> action) {
        clients.values().stream().filter(Client::isLive).forEach(action);
    }

    private Message statistics() {
        return Message.of(
                "stats",
                rev,
                new Fields()
                        .put("stats", statistics)
                        .put("counts", DownloadJson.counts(counts))
                        .object());
    }

    // What clients do.

    /** Somebody has come. */
    void join(Wire wire) {
        if (!hasHadClients) {
            hasHadClients = true;
            ring.skipTo(rev);
        }
        clients.put(wire, new Client(wire, ring, active, hub, nanos));
    }

    /** Somebody said something. */
    void heard(Wire wire, String text) {
        var client = clients.get(wire);
        if (client == null) {
            return;
        }
        client.heard();
        try {
            var wanted = Subscription.parse(text);
            if (client.isNew()) {
                begin(client, wanted);
            } else if (!Objects.equals(client.ids(), wanted.ids())) {
                rev++;
                client.turn(wanted.ids(), newSnapshot(wanted.ids()));
                client.offer(rev);
            }
            wire.demand();
        } catch (ProblemException e) {
            client.close(Client.POLICY, String.valueOf(e.getMessage()));
        }
    }

    /** Somebody is there. */
    void heard(Wire wire) {
        var client = clients.get(wire);
        if (client != null) {
            client.heard();
        }
    }

    /** Somebody has gone. */
    void leave(Wire wire) {
        clients.remove(wire);
    }

    boolean hasClients() {
        return !clients.isEmpty();
    }

    private void begin(Client client, Subscription wanted) {
        if (wanted.since().isEmpty()) {
            client.begin(wanted.ids(), snapshot(wanted.ids()), false);
        } else {
            var since = wanted.since().getAsLong();
            var place = since > rev ? OptionalLong.empty() : ring.after(since);
            if (place.isPresent()) {
                var moved = new LinkedHashMap<>(toldRooms);
                moved.values().removeIf(newest -> newest.rev() <= since);
                client.resume(wanted.ids(), place.getAsLong(), moved);
            } else {
                client.begin(wanted.ids(), resync(rev), true);
            }
            rev++;
            client.offerStatistics(statistics());
            rev++;
            client.offerProgress(rev);
        }
        client.offer(rev);
    }

    /** The same one for all who come before anything changes. */
    private Message snapshot(@Nullable Set<String> ids) {
        if (ids != null) {
            return newSnapshot(ids);
        }
        var made = snapshot;
        if (made == null || made.rev() != rev) {
            made = newSnapshot(null);
            snapshot = made;
        }
        return made;
    }

    private Message newSnapshot(@Nullable Set<String> ids) {
        return Message.ofDownloads(
                "snapshot",
                rev,
                active.items(ids),
                new Fields()
                        .put("counts", DownloadJson.counts(counts))
                        .put("stats", statistics)
                        .object());
    }

    /** The time has gone on. */
    void tick() {
        for (var client : clients.values()) {
            if (client.isSilent()) {
                begin(client, Subscription.ALL);
            }
        }
        clients.values().removeIf(Client::tick);
        summarise();
    }

    /** Says good-bye to all. */
    void close() {
        clients.values().forEach(client -> client.close(1001, "This part of the host stops."));
    }
}
