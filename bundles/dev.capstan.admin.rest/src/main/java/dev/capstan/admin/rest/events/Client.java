package dev.capstan.admin.rest.events;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One client (W1). Its queue is a place in the ring that all share, so that a thousand clients that
 * do not read hold no bytes of their own. One message is on its way at a time; what is behind it is
 * sent in the order of revisions. A client that falls further behind than the bounds gets one
 * {@code resync} instead of what it missed, and if it does not take that either, or takes nothing
 * at all for a while, it is closed.
 *
 * <p>Used by the hub's thread; what the network calls back is handed to that thread.
 */
final class Client {
    static final int MOST_MESSAGES = 256;
    static final long MOST_BYTES = 1 << 20;

    /** How long one message may be on its way. */
    static final Duration MOST_SENDING = Duration.ofSeconds(15);

    /** How long a client may be silent that is asked whether it is there. */
    static final Duration MOST_SILENCE = Duration.ofSeconds(60);

    /** How often it is asked. */
    static final Duration ASKED_EVERY = Duration.ofSeconds(20);

    /** How long it has to say what it wants before it gets everything. */
    static final Duration GREETING = Duration.ofSeconds(1);

    /** How long a good-bye may take. */
    static final Duration GOOD_BYE = Duration.ofSeconds(2);

    /** By RFC 6455: it does not do what is expected of it. */
    static final int POLICY = 1008;

    private static final long NEVER = Long.MAX_VALUE;

    private enum Stage {
        GREETING,
        LIVE,
        CLOSING,
        GONE
    }

    private final Wire wire;
    private final Ring ring;
    private final Active active;
    private final Executor hub;
    private final LongSupplier nanos;

    private Stage stage = Stage.GREETING;
    private long stageSince;
    private long heard;
    private long asked;

    private @Nullable Set<String> ids;

    /** The place in the ring it has come to. */
    private long place;

    /** What is before this place is repeated for it and counts for no bound. */
    private long ownFrom;

    /** A snapshot or a resync to be sent, in its place among the revisions. */
    private @Nullable Message special;

    private boolean specialIsResync;
    private @Nullable Message statistics;

    /** The newest of each room that moved, by id. */
    private final Map<String, Message> rooms = new LinkedHashMap<>();

    /** The revision of progress that is to be sent, made from what is newest then. */
    private long progressRev = NEVER;

    private long progressSeen;

    private boolean isSending;
    private long sendingSince;

    Client(Wire wire, Ring ring, Active active, Executor hub, LongSupplier nanos) {
        this.wire = wire;
        this.ring = ring;
        this.active = active;
        this.hub = hub;
        this.nanos = nanos;
        stageSince = heard = asked = nanos.getAsLong();
    }

    boolean isNew() {
        return stage == Stage.GREETING;
    }

    boolean isLive() {
        return stage == Stage.LIVE;
    }

    /** Whether it has said nothing for so long that it wants everything. */
    boolean isSilent() {
        return isNew() && since(stageSince) >= GREETING.toNanos();
    }

    @Nullable Set<String> ids() {
        return ids;
    }

    /** Begins with a snapshot or a resync, and what comes after it. */
    void begin(@Nullable Set<String> wanted, Message first, boolean isResync) {
        begin(wanted, ring.end());
        special = first;
        specialIsResync = isResync;
        progressSeen = active.version();
    }

    /** Begins with what it missed, and each room that moved since. */
    void resume(@Nullable Set<String> wanted, long from, Map<String, Message> moved) {
        begin(wanted, from);
        rooms.putAll(moved);
        progressSeen = 0;
    }

    private void begin(@Nullable Set<String> wanted, long from) {
        stage = Stage.LIVE;
        stageSince = nanos.getAsLong();
        ids = wanted;
        place = from;
        ownFrom = ring.end();
    }

    /** Wants other downloads from now on, and is told how those are. */
    void turn(@Nullable Set<String> wanted, Message snapshot) {
        ids = wanted;
        if (!specialIsResync) {
            special = snapshot;
        }
    }

    void heard() {
        heard = nanos.getAsLong();
    }

    /** There is more in the ring. */
    void offer(long rev) {
        if (isLive() && place < ring.first()) {
            fallBehind(rev);
        }
        send();
        // What is on its way already waits no more, however long it is.
        var from = Math.max(place, ownFrom);
        var waiting = ring.end() - from;
        if (isLive() && (waiting > MOST_MESSAGES || ring.bytesFrom(from) > MOST_BYTES)) {
            fallBehind(rev);
        }
    }

    private void fallBehind(long rev) {
        if (specialIsResync) {
            close(POLICY, "It does not read what it asked for.");
        } else {
            place = ring.end();
            ownFrom = place;
            special = Broadcast.resync(rev);
            specialIsResync = true;
        }
    }

    /** There are newer numbers; they wait in one place, however often they come. */
    void offerProgress(long rev) {
        progressRev = Math.min(progressRev, rev);
        send();
    }

    /** There are newer statistics, which stand for the older ones. */
    void offerStatistics(Message newest) {
        statistics = newest;
        send();
    }

    /** A room has moved on; that stands for how it was before. */
    void offerRoom(String id, Message newest) {
        rooms.put(id, newest);
        send();
    }

    private void send() {
        while (isLive() && !isSending) {
            var next = next();
            if (next == null) {
                return;
            }
            isSending = true;
            sendingSince = nanos.getAsLong();
            wire.send(next, () -> hub.execute(this::sent));
        }
    }

    private void sent() {
        isSending = false;
        send();
    }

    private @Nullable ByteBuffer next() {
        while (true) {
            var ringRev = place < ring.end() ? ring.get(place).rev() : NEVER;
            var specialRev = special == null ? NEVER : special.rev();
            var statisticsRev = statistics == null ? NEVER : statistics.rev();
            var roomRev = rooms.values().stream().mapToLong(Message::rev).min().orElse(NEVER);
            var least =
                    LongStream.of(ringRev, specialRev, statisticsRev, progressRev, roomRev)
                            .min()
                            .getAsLong();
            if (least == NEVER) {
                return null;
            }
            var next = take(least);
            if (next != null) {
                return next;
            }
        }
    }

    /** Takes what has a revision; null where this client wants nothing of it. */
    private @Nullable ByteBuffer take(long rev) {
        if (special != null && special.rev() == rev) {
            var taken = special;
            special = null;
            specialIsResync = false;
            return taken.part(null);
        }
        if (place < ring.end() && ring.get(place).rev() == rev) {
            return ring.get(place++).part(ids);
        }
        if (statistics != null && statistics.rev() == rev) {
            var taken = statistics;
            statistics = null;
            return taken.part(null);
        }
        var room = rooms.values().stream().filter(each -> each.rev() == rev).findFirst();
        if (room.isPresent()) {
            rooms.values().remove(room.get());
            return room.get().part(null);
        }
        var progress = active.progress(progressSeen, rev, ids);
        progressSeen = active.version();
        progressRev = NEVER;
        return progress == null ? null : progress.part(null);
    }

    void close(int code, String why) {
        if (stage == Stage.GREETING || stage == Stage.LIVE) {
            stage = Stage.CLOSING;
            stageSince = nanos.getAsLong();
            wire.close(code, why);
        }
    }

    /**
     * Looks at the time.
     *
     * @return whether it is gone
     */
    boolean tick() {
        if (isLive() && isSending && since(sendingSince) > MOST_SENDING.toNanos()) {
            close(POLICY, "It reads nothing.");
        }
        var hasLeave = stage == Stage.CLOSING && since(stageSince) > GOOD_BYE.toNanos();
        if (hasLeave || since(heard) > MOST_SILENCE.toNanos()) {
            wire.abort();
            stage = Stage.GONE;
        } else if (isLive() && !isSending && since(asked) > ASKED_EVERY.toNanos()) {
            asked = nanos.getAsLong();
            if (wire.mayListen()) {
                wire.ping();
            } else {
                close(POLICY, "Its token opens nothing any more.");
            }
        }
        return stage == Stage.GONE;
    }

    private long since(long time) {
        return nanos.getAsLong() - time;
    }
}
