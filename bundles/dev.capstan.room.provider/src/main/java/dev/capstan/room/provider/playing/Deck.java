package dev.capstan.room.provider.playing;

import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Playtime;
import dev.capstan.record.RecordException;
import dev.capstan.record.Records;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the records of this host where the room is, and finds what the room does not know yet (E8).
 * To steer, it listens itself, as {@code room ID}, from when the room plays a record that is here
 * until it does so no more; so whoever joins on this host has the room's position at once. It does
 * not count as somebody who listens.
 *
 * <p>What it has set is remembered, and only what has become of that by somebody else's hand is
 * told; so nothing goes round in circles. It always looks at how a record stands now, never at what
 * an event said of a moment before.
 *
 * <p>For the room's thread, but for {@link #stir}.
 */
public final class Deck implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Deck.class.getName());
    private static final String LISTENER = "room ";

    /** What is closer to what was set than this has not been steered. */
    private static final Duration STEERED = Duration.ofMillis(100);

    /** What is closer to the room than this is left alone; nobody hears it, but every jump. */
    private static final Duration CLOSE = Duration.ofMillis(40);

    /** Who has not been heard for ten seconds counts as gone. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(3);

    private final String name;
    private final Supplier<@Nullable Records> records;
    private final Set<String> stirred = ConcurrentHashMap.newKeySet();
    private final Map<String, Playtime> told = new HashMap<>();
    private final Map<String, Part> parts = new HashMap<>();

    /** A record as it stands here. */
    private static final class Part {
        /** As the room has set it, or as the room was told. */
        private @Nullable Playtime set;

        private @Nullable EtchedRecord record;
        private boolean hasListeners;
        private Instant heard = Instant.MIN;
    }

    /** One moment on the clock of the records here, and on the maker's. */
    private record Moment(Instant here, Instant there) {
        private static final Duration AT_ONCE = Duration.ofMillis(5);
        private static final int TRIES = 4;

        /** A thread that had to wait between the two looks at them again. */
        static Moment of(InstantSource room) {
            var moment = new Moment(Instant.now(), room.instant());
            for (var tries = 1; tries < TRIES; tries++) {
                if (Duration.between(moment.here, Instant.now()).compareTo(AT_ONCE) < 0) {
                    break;
                }
                moment = new Moment(Instant.now(), room.instant());
            }
            return moment;
        }
    }

    /**
     * Creates it.
     *
     * @param room id of the room
     * @param records of this host, while there are any
     */
    public Deck(String room, Supplier<@Nullable Records> records) {
        name = LISTENER + room;
        this.records = records;
    }

    /**
     * Something has become of a record of this host; it is looked at next time.
     *
     * @param record its id
     */
    public void stir(String record) {
        stirred.add(record);
    }

    /**
     * Whether there is anything to look at.
     *
     * @return false while nothing is played
     */
    public boolean isBusy() {
        return records.get() != null && !(told.isEmpty() && stirred.isEmpty());
    }

    /**
     * The room says something.
     *
     * @param cue what
     */
    public void hear(Cue cue) {
        var id = cue.record();
        if (cue.playtime() != null) {
            if (told.containsKey(id) || told.size() < Programme.MOST_RECORDS) {
                told.put(id, cue.playtime());
            }
        } else if (id.isEmpty()) {
            stirred.addAll(told.keySet());
            told.clear();
        } else if (told.remove(id) != null) {
            stirred.add(id);
        }
    }

    /**
     * Looks at every record that the room or somebody here plays.
     *
     * @param room the maker's clock
     * @return what the room does not know yet
     */
    public List<Cue> look(InstantSource room) {
        var cues = new ArrayList<Cue>();
        var service = records.get();
        if (service == null) {
            parts.forEach(
                    (id, part) -> {
                        if (part.hasListeners) {
                            cues.add(Cue.stopped(id));
                        }
                    });
            parts.clear();
            stirred.clear();
            return cues;
        }
        var fresh = new TreeSet<>(stirred);
        stirred.removeAll(fresh);
        var all = new TreeSet<>(told.keySet());
        all.addAll(fresh);
        for (var id : all) {
            try {
                look(service, id, fresh.contains(id), room, cues);
            } catch (RecordException | RuntimeException e) {
                // It was removed this moment, or records go away; the room goes on.
                LOG.log(Level.DEBUG, "A record is not in step with " + name, e);
            }
        }
        return cues;
    }

    private void look(
            Records service, String id, boolean isFresh, InstantSource room, List<Cue> cues)
            throws RecordException {
        var part = parts.computeIfAbsent(id, any -> new Part());
        var now = Instant.now();
        var isDue = Duration.between(part.heard, now).compareTo(HEARTBEAT) >= 0;
        if (isFresh || isDue) {
            part.record = service.get(id).orElse(null);
        }
        var names = service.listeners(id);
        if (!names.contains(name)) {
            // What was set is gone; what is there now is another beginning.
            part.set = null;
        }
        var hasListeners = names.stream().anyMatch(each -> !each.startsWith(LISTENER));
        var wanted = told.get(id);
        if (wanted == null) {
            if (hasListeners && told.size() < Programme.MOST_RECORDS) {
                cues.add(Cue.listening(publish(service, id, part, room)));
            } else {
                service.leave(id, name);
                parts.remove(id);
            }
            return;
        }
        var record = part.record;
        if (record == null || wanted.track() >= record.tracks().size()) {
            part.heard = isDue ? now : part.heard;
        } else if (isSteered(service, id, part)) {
            cues.add(Cue.playing(publish(service, id, part, room)));
        } else {
            follow(service, record, part, wanted, isDue, room);
        }
        if (hasListeners != part.hasListeners) {
            part.hasListeners = hasListeners;
            cues.add(hasListeners ? Cue.listening(wanted) : Cue.stopped(id));
        }
    }

    /** Whether somebody here has moved what the room had set. */
    private static boolean isSteered(Records service, String id, Part part) {
        var current = service.playtime(id).orElse(null);
        var now = Instant.now();
        return part.set != null
                && current != null
                && Course.differ(
                        Course.at(part.record, current, now),
                        Course.at(part.record, part.set, now),
                        STEERED);
    }

    /** How it stands here becomes how it stands everywhere. */
    private Playtime publish(Records service, String id, Part part, InstantSource room)
            throws RecordException {
        var current = service.join(id, name);
        var moment = Moment.of(room);
        part.heard = moment.here;
        part.set = current;
        part.hasListeners = true;
        var said = Course.on(Course.at(part.record, current, moment.here), moment.there);
        told.put(id, said);
        return said;
    }

    private void follow(
            Records service,
            EtchedRecord record,
            Part part,
            Playtime told,
            boolean isDue,
            InstantSource room)
            throws RecordException {
        var id = record.id();
        if (part.set == null || isDue) {
            part.heard = Instant.now();
            var joined = service.join(id, name);
            part.set = part.set == null ? joined : part.set;
        }
        var moment = Moment.of(room);
        var wanted = Course.at(record, told, moment.there);
        this.told.put(id, wanted);
        var current = Course.at(record, service.playtime(id).orElse(part.set), moment.here);
        if (Course.differ(current, wanted, CLOSE)) {
            if (!current.order().equals(wanted.order())) {
                service.order(id, name, wanted.order());
            }
            part.set = service.steer(id, name, wanted.track(), wanted.position(), wanted.rate());
        }
    }

    /** The room is away: what is heard here goes on by itself. */
    public void part() {
        if (parts.isEmpty() && told.isEmpty()) {
            return;
        }
        stirred.addAll(parts.keySet());
        told.clear();
        var service = records.get();
        for (var id : parts.keySet()) {
            leave(service, id);
        }
        parts.clear();
    }

    private void leave(@Nullable Records service, String id) {
        try {
            if (service != null) {
                service.leave(id, name);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "Records are away", e);
        }
    }

    /** The room is over. */
    @Override
    public void close() {
        part();
        stirred.clear();
    }
}
