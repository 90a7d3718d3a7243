package dev.capstan.room.provider.protocol;

import dev.capstan.room.Room.Status;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.provider.playing.Cue;
import dev.capstan.room.provider.playing.MakerClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A point of the star: connects to the maker, comes back when the connection breaks, tells how this
 * user gets on, and hears how all the others do. Whatever it missed while it was away it is told
 * when it comes back, and it tells all of its own; what was fetched stays fetched.
 *
 * <p>Frames are said by the room's thread, and before that by whoever shakes hands.
 */
final class Joiner implements Side {
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Each piece tells at most twice a second (R10); what came together goes together. */
    private static final Duration PROGRESS = Duration.ofMillis(150);

    private static final Duration LAST_WORDS = Duration.ofMillis(1_000);

    /** How long the maker may take to say goodbye. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** A transport that did so often in a row what no transport may do is not tried again. */
    private static final int MOST_FAULTS = 3;

    /** Of a maker that says more of what plays than anybody can follow, the rest is not heard. */
    private static final int MOST_CUES = 1_024;

    private final Seat seat;
    private final Life life;
    private volatile @Nullable MakerLink link;
    private volatile boolean isConnecting;
    private volatile boolean isOver;
    private volatile boolean areAllFinished;
    private volatile boolean hasMakerLeft;
    private volatile int faults;
    private volatile Instant next = Instant.MIN;
    private volatile Duration wait = SHORTEST_WAIT;
    private Instant told = Instant.MIN;
    private volatile Instant goodbye = Instant.MAX;
    private boolean isDone;

    /** Of the room's thread only: the maker is to be told everything. */
    private boolean isBehind;

    private final BlockingQueue<Heard> cues = new LinkedBlockingQueue<>(MOST_CUES);
    private final Queue<Cue> unsaid = new ArrayDeque<>();

    private record Heard(MakerLink from, Cue cue) {}

    Joiner(Seat seat, Life life) {
        this.seat = seat;
        this.life = life;
    }

    // What the maker says, on the transport's thread.

    void told(List<Report> reports) {
        var board = seat.board();
        for (var report : reports) {
            board.connected(report.user(), report.connected());
            if (report.user().equals(seat.user())) {
                report.pieces().forEach(this::flag);
            } else {
                board.put(report.user(), report.pieces());
            }
        }
    }

    /** How this user stands is known here best, but for what others have in its place. */
    private void flag(int place, PieceState theirs) {
        var own = seat.board().state(seat.user(), place);
        if (own.status() == Status.FINISHED && theirs.status() == Status.FINISHED) {
            seat.board().put(seat.user(), place, own.withError(theirs.progress().error()));
        }
    }

    void opened(MakerLink opened) {
        if (link == opened) {
            wait = SHORTEST_WAIT;
            faults = 0;
            hasMakerLeft = false;
            life.opened();
            life.wake();
        }
    }

    /** E8: what the room plays. */
    void cued(MakerLink by, Cue cue) {
        if (cues.offer(new Heard(by, cue))) {
            life.wake();
        }
    }

    void allFinished() {
        areAllFinished = true;
        life.wake();
    }

    void makerLeft(MakerLink by) {
        hasMakerLeft = true;
        by.end(seat.config().maker() + " has left the room.");
    }

    void refused(String reason) {
        life.failed(Reason.REFUSED, "The room's maker refuses: " + Report.sentence(reason));
    }

    void ended(MakerLink ended, String reason) {
        if (link == ended && !isOver && goodbye.equals(Instant.MAX)) {
            seat.board().disconnected();
            life.waiting("No connection to " + seat.config().maker() + ": " + reason);
            again();
            life.wake();
        }
    }

    private void again() {
        next = seat.clock().instant().plus(wait);
        var longer = wait.multipliedBy(2);
        wait = longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
    }

    // What the room's thread does.

    @Override
    public void tick() {
        var now = seat.clock().instant();
        if (isDone) {
            return;
        }
        var current = link;
        var isHere = current != null && !current.isGone();
        // Somebody who came back this very moment may still be looking what is there.
        if (areAllFinished && seat.board().isFinished(seat.user())) {
            sayGoodbye(now, isHere ? current : null);
            return;
        }
        if (current == null || !isHere) {
            seat.deck().part();
            unsaid.clear();
            seat.ranges().tick(now, new ToMaker(null));
            if (!isConnecting && !now.isBefore(next)) {
                connect();
            }
            return;
        }
        var complaint = current.complaint(now);
        if (complaint != null) {
            current.end(complaint);
        } else if (current.isOpen()) {
            tell(current, now);
            play(current, now);
            seat.ranges().tick(now, new ToMaker(current));
        }
    }

    /** E8: records of this host, and of the room. */
    private void play(MakerLink current, Instant now) {
        var deck = seat.deck();
        for (var heard = cues.poll(); heard != null; heard = cues.poll()) {
            if (heard.from == current) {
                deck.hear(heard.cue);
            }
        }
        if (!deck.isBusy()) {
            return;
        }
        var clock = current.makerClock();
        var ping = clock.ask(now);
        if (ping != null) {
            current.offer(List.of(current.voice().say(MakerClock.PING, ping)));
        }
        var offset = clock.offset().orElse(null);
        if (offset == null) {
            return;
        }
        InstantSource room = () -> seat.clock().instant().plus(offset);
        if (unsaid.isEmpty()) {
            unsaid.addAll(deck.look(room));
        }
        for (var cue = unsaid.peek(); cue != null; cue = unsaid.peek()) {
            var frame = current.voice().say(cue.type(), cue.fields(room.instant()));
            if (!current.offer(List.of(frame))) {
                return;
            }
            unsaid.remove();
        }
    }

    private void sayGoodbye(Instant now, @Nullable MakerLink current) {
        if (goodbye.equals(Instant.MAX)) {
            goodbye = now;
            if (current != null) {
                var last = current.voice().say(Types.GOODBYE, Map.of());
                current.offer(List.of(last));
            }
        }
        if (current == null
                || hasMakerLeft
                || Duration.between(goodbye, now).compareTo(FAREWELL) > 0) {
            isDone = true;
            life.finished();
        }
    }

    /** R13: ranges to and from the maker, while there is a connection. */
    private record ToMaker(@Nullable MakerLink link) implements Ranges.Line {

        @Override
        public boolean isHere(String user) {
            return link != null && !link.isGone();
        }

        @Override
        public boolean say(
                String user,
                String type,
                Map<String, String> fields,
                byte[] content,
                Runnable whenSent) {
            return link != null && link.offer(link.voice().say(type, fields, content), whenSent);
        }
    }

    @Override
    public boolean isEnding() {
        return !goodbye.equals(Instant.MAX);
    }

    private void connect() {
        isBehind = true;
        isConnecting = true;
        var thread = new Thread(this::attempt, seat.thread("connect"));
        thread.setDaemon(true);
        thread.start();
    }

    private void attempt() {
        var address = seat.config().transport();
        var transport = seat.transport().get();
        if (transport == null) {
            again();
            life.waiting("No transport takes addresses such as " + address + ".");
            isConnecting = false;
            return;
        }
        var fresh = new MakerLink(seat, this, transport);
        link = fresh;
        try {
            fresh.greet(transport.connect(address, fresh));
            if (isOver) {
                fresh.end("This user has left.");
            }
        } catch (IOException e) {
            fresh.end(String.valueOf(e.getMessage()));
        } catch (Transport.Fault e) {
            var why = String.valueOf(e.getMessage());
            fresh.end(why);
            if (++faults >= MOST_FAULTS) {
                life.failed(Reason.UNREACHABLE, why);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            isConnecting = false;
        }
    }

    private void tell(MakerLink current, Instant now) {
        var board = seat.board();
        var user = seat.user();
        if (isBehind) {
            if (current.isIdle()) {
                board.changes(user);
                var all = say(current, Types.STATE, board.all(user));
                isBehind = !current.offer(all);
                told = now;
            }
            return;
        }
        var since = Duration.between(told, now);
        if (board.hasNews(user) || since.compareTo(PROGRESS) >= 0) {
            var changes = board.changes(user).orElse(null);
            if (changes != null) {
                isBehind = !current.offer(say(current, changes));
                told = now;
            } else if (since.compareTo(Maker.HEARTBEAT) > 0) {
                var nothing = new Report(user, true, new TreeMap<>());
                isBehind = !current.offer(say(current, Types.PROGRESS, nothing));
                told = now;
            }
        }
    }

    /** R10: errors and what is finished are messages of their own. */
    private List<byte[]> say(MakerLink current, Report changes) {
        var frames = new ArrayList<byte[]>();
        for (var type : List.of(Types.PROGRESS, Types.ERROR, Types.FINISHED)) {
            var some = new TreeMap<>(changes.pieces());
            some.values().removeIf(state -> !type(state).equals(type));
            if (!some.isEmpty()) {
                frames.addAll(say(current, type, new Report(changes.user(), true, some)));
            }
        }
        return frames;
    }

    private static String type(PieceState state) {
        return switch (state.status()) {
            case NOT_STARTED, IN_PROGRESS -> Types.PROGRESS;
            case ERROR -> Types.ERROR;
            case FINISHED -> Types.FINISHED;
        };
    }

    private List<byte[]> say(MakerLink current, String type, Report report) {
        var frames = new ArrayList<byte[]>();
        for (var content : Report.write(List.of(report), seat.board().users())) {
            frames.add(current.voice().say(type, Map.of(), content));
        }
        return frames;
    }

    @Override
    public void leave() throws InterruptedException {
        isOver = true;
        var was = isDone;
        isDone = true;
        var current = link;
        if (current != null) {
            try {
                if (!was) {
                    current.offer(List.of(current.voice().say(Types.GOODBYE, Map.of())));
                }
                current.finish(LAST_WORDS);
            } finally {
                current.end("This user has left.");
            }
        }
    }
}
