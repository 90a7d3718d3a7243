package dev.capstan.room.provider.protocol;

import dev.capstan.room.provider.playing.Cue;
import dev.capstan.room.provider.playing.Programme;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The middle of the star: takes members in at its {@link Door}, believes what each says of itself,
 * and tells everybody how things stand.
 *
 * <p>All that members hear from it is said by the room's thread (but for what they hear before they
 * are in), so that counters arrive in order: one message a tick for all, signed once. Members come
 * and go on the transport's threads.
 */
final class Maker implements Side {
    /** A peer that takes nothing for so long, or says nothing, is gone. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Something is said now and then, so that others see that this side is there. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /**
     * Whoever is away for a moment when all are finished comes back within this, or is not told.
     */
    static final Duration COMES_BACK = Duration.ofSeconds(6);

    /** How long all may take to say goodbye. */
    private static final Duration LINGER = Duration.ofMillis(1_500);

    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    /** How long whoever was replaced may take to hear that. */
    private static final Duration DISMISSED = Duration.ofSeconds(2);

    private final Seat seat;
    private final Life life;
    private final Voice voice;
    private final Door door;
    private final Programme programme = new Programme();
    private final Map<String, Guest> present = new ConcurrentHashMap<>();
    private final Queue<Guest> replaced = new ConcurrentLinkedQueue<>();
    private final Map<Guest, Instant> dismissed = new ConcurrentHashMap<>();
    private final Set<String> goodbyes = ConcurrentHashMap.newKeySet();
    private final Queue<String> leavers = new ConcurrentLinkedQueue<>();
    private volatile boolean isAnnounced;
    private boolean isDone;
    private Instant said = Instant.MIN;
    private Instant announced = Instant.MAX;

    /** Since when every user has said that it has every piece. */
    private @Nullable Instant complete;

    Maker(Seat seat, Life life) {
        this.seat = seat;
        this.life = life;
        voice = seat.voice();
        door = new Door(seat, life, (channel, over) -> new Guest(seat, this, channel, over));
    }

    Voice voice() {
        return voice;
    }

    // What members do, on their threads.

    void welcome(Guest guest, String user) {
        goodbyes.remove(user);
        // In this order there is no moment at which whoever ends the room would miss it.
        var before = present.put(user, guest);
        door.forget(guest);
        if (before != null) {
            replaced.add(before);
            programme.gone(user);
        }
        seat.board().connected(user, true);
        life.wake();
    }

    void told(Guest guest, SortedMap<Integer, PieceState> states) {
        if (!isAnnounced && isPresent(guest)) {
            seat.board().putJudged(guest.user(), states);
        }
    }

    /** Not so of a connection that a newer one of the same user has replaced. */
    private boolean isPresent(Guest guest) {
        return guest.equals(present.get(guest.user()));
    }

    /** R13: a range that is wanted or given. */
    void ranged(Guest guest, Envelope said) throws MalformedException {
        if (isPresent(guest)) {
            seat.ranges().heard(guest.user(), said);
        }
    }

    /** E8: what is played somewhere. */
    void cued(Guest guest, Cue cue, boolean isPrompt) {
        if (isPresent(guest)
                && programme.hear(guest.user(), cue, seat.clock().instant())
                && isPrompt) {
            life.wake();
        }
    }

    void left(Guest guest) {
        if (!isPresent(guest)) {
            return;
        }
        leavers.add(guest.user());
        programme.gone(guest.user());
        goodbyes.add(guest.user());
        if (!isAnnounced) {
            seat.board().connected(guest.user(), false);
        }
        life.wake();
    }

    void gone(Guest guest) {
        door.forget(guest);
        dismissed.remove(guest);
        var user = guest.user();
        // At the end all go; that is no news.
        if (present.remove(user, guest) && !isAnnounced) {
            programme.gone(user);
            seat.board().connected(user, false);
            life.wake();
        }
    }

    // What the room's thread does.

    @Override
    public void tick() {
        var now = seat.clock().instant();
        if (isDone) {
            return;
        }
        if (isListening(now)) {
            look(now);
        } else {
            complete = null;
        }
        if (isAnnounced && haveAllHeard(now)) {
            isDone = true;
            life.finished();
        }
    }

    private void look(Instant now) {
        dismissReplaced();
        endThoseWhoAreLate(now);
        var since = complete == null ? now : complete;
        complete = seat.board().isFinished() ? since : null;
        // What nobody can take back, and whoever is not there to hear it would wait for in vain.
        var isNew =
                !isAnnounced
                        && complete != null
                        && (areAllHere() || now.isAfter(since.plus(COMES_BACK)));
        isAnnounced |= isNew;
        tellChanges(now);
        tellWhatPlays();
        tellAllAnew();
        seat.ranges().tick(now, new Guests());
        if (isNew) {
            announced = now;
            broadcast(List.of(voice.say(Types.FINISHED, Map.of())));
        }
    }

    /** Or have left on purpose. */
    private boolean areAllHere() {
        return members().allMatch(user -> present.containsKey(user) || goodbyes.contains(user));
    }

    private Stream<String> members() {
        return seat.config().users().keySet().stream().filter(user -> !user.equals(seat.user()));
    }

    @Override
    public boolean isEnding() {
        return isAnnounced || complete != null;
    }

    private boolean isListening(Instant now) {
        var isOpen = door.isOpen(now);
        if (!isOpen) {
            // Their transport is away.
            present.values().forEach(Guest::end);
        }
        return isOpen;
    }

    private void dismissReplaced() {
        for (var guest = replaced.poll(); guest != null; guest = replaced.poll()) {
            guest.dismiss("The same user has joined from somewhere else.");
            dismissed.put(guest, seat.clock().instant().plus(DISMISSED));
        }
    }

    private void endThoseWhoAreLate(Instant now) {
        door.endThoseWhoAreLate(now);
        for (var guest : List.copyOf(dismissed.keySet())) {
            if (now.isAfter(dismissed.getOrDefault(guest, Instant.MAX))) {
                guest.end();
            }
        }
        for (var guest : present.values()) {
            if (guest.stuck().compareTo(PATIENCE) > 0
                    || guest.silence(now).compareTo(PATIENCE) > 0) {
                guest.end();
            }
        }
    }

    private void tellChanges(Instant now) {
        tellGoodbyes();
        var changes = seat.board().changes();
        if (!changes.isEmpty()) {
            broadcast(states(changes));
            said = now;
        } else if (Duration.between(said, now).compareTo(HEARTBEAT) > 0) {
            broadcast(states(List.of()));
            said = now;
        }
    }

    private void tellGoodbyes() {
        var goodbyes = new ArrayList<Report>();
        for (var user = leavers.poll(); user != null; user = leavers.poll()) {
            goodbyes.add(new Report(user, false, new TreeMap<>()));
        }
        if (!goodbyes.isEmpty()) {
            for (var content : Report.write(goodbyes, seat.board().users())) {
                broadcast(List.of(voice.say(Types.GOODBYE, Map.of(), content)));
            }
        }
    }

    /** E8: this host is one of those that play, and all are told in one order. */
    private void tellWhatPlays() {
        present.values().forEach(Guest::tellTime);
        var deck = seat.deck();
        for (var cue : deck.look(seat.clock())) {
            programme.hear(seat.user(), cue, seat.clock().instant());
        }
        for (var cue : programme.changes()) {
            deck.hear(cue);
            broadcast(List.of(say(cue)));
        }
        // At once, not only the next time.
        for (var cue : deck.look(seat.clock())) {
            programme.hear(seat.user(), cue, seat.clock().instant());
        }
    }

    /** R13: ranges to and from members. */
    private final class Guests implements Ranges.Line {

        @Override
        public boolean isHere(String user) {
            return present.containsKey(user);
        }

        @Override
        public boolean say(
                String user,
                String type,
                Map<String, String> fields,
                byte[] content,
                Runnable whenSent) {
            var guest = present.get(user);
            return guest != null && guest.offer(voice.say(type, fields, content), whenSent);
        }
    }

    private byte[] say(Cue cue) {
        return voice.say(cue.type(), cue.fields(seat.clock().instant()));
    }

    /** Whoever was too slow for the changes, or has only come, is told everything once. */
    private void tellAllAnew() {
        List<byte[]> all = List.of();
        for (var guest : present.values()) {
            if (guest.isBehind && guest.isIdle()) {
                if (all.isEmpty()) {
                    all = states(seat.board().all());
                    for (var cue : programme.all()) {
                        all.add(say(cue));
                    }
                    if (isAnnounced) {
                        all.add(voice.say(Types.FINISHED, Map.of()));
                    }
                }
                guest.isBehind = !guest.offer(all);
            }
        }
    }

    private List<byte[]> states(List<Report> reports) {
        var frames = new ArrayList<byte[]>();
        for (var content : Report.write(reports, seat.board().users())) {
            frames.add(voice.say(Types.STATE, Map.of(), content));
        }
        return frames;
    }

    private void broadcast(List<byte[]> frames) {
        for (var guest : present.values()) {
            if (!guest.isBehind && !guest.offer(frames)) {
                guest.isBehind = true;
            }
        }
    }

    private boolean haveAllHeard(Instant now) {
        var lingered = Duration.between(announced, now).compareTo(LINGER) > 0;
        return lingered || members().allMatch(goodbyes::contains);
    }

    @Override
    public void leave() throws InterruptedException {
        isDone = true;
        door.shut();
        var members = List.copyOf(present.values());
        var goodbye = List.of(voice.say(Types.GOODBYE, Map.of()));
        for (var guest : members) {
            guest.offer(goodbye);
            guest.finish();
        }
        try {
            var end = System.nanoTime() + LAST_WORDS.toNanos();
            for (var guest : members) {
                guest.awaitEnd(Duration.ofNanos(end - System.nanoTime()));
            }
        } finally {
            try {
                door.close();
            } finally {
                members.forEach(Guest::end);
                present.values().forEach(Guest::end);
                dismissed.keySet().forEach(Guest::end);
                replaced.forEach(Guest::end);
            }
        }
    }
}
