package dev.capstan.room.provider.protocol;

import dev.capstan.event.Topics;
import dev.capstan.record.Records;
import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room;
import dev.capstan.room.Room.State;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.provider.document.RoomConfig;
import dev.capstan.room.provider.piece.Pieces;
import dev.capstan.room.provider.playing.Deck;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/**
 * A room as one user lives in it: on the way in, with pieces on their way, and to its end (R10 to
 * R12). It has a thread of its own, {@code capstan-room-ID}, which does all that the room decides
 * and says, every 200 ms and whenever it is woken.
 *
 * <p>Safe for any number of threads; its monitor guards how the room stands, and nobody is called
 * under it.
 */
public final class RoomSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RoomSession.class.getName());

    /** How often a room looks what there is to do, and tells what changed. */
    public static final Duration TICK = Duration.ofMillis(200);

    /** Progress is posted at most twice a second. */
    private static final Duration PROGRESS = Duration.ofMillis(500);

    private final RoomConfig config;
    private final JoinRequest request;
    private final InstantSource clock;
    private final Duration tick;
    private final BiConsumer<String, Room> events;
    private final Board board;
    private final Drops drops = new Drops();
    private final Deck deck;
    private final Ranges ranges;
    private final OwnPieces own;
    private final Side side;
    private final Life life = new InRoom();
    private final Deferred<Room> joined;
    private final Deferred<Map<String, Path>> finished;
    private final Deferred<Room> left;
    private final Instant began;
    private final Pace pace;
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final ScheduledExecutorService thread;
    private State state = State.CONNECTING;
    private @Nullable String reason;
    private String slow = "";
    private boolean isChanged;

    // Of the room's thread only.
    private Board.Versions posted = new Board.Versions(0, 0, 0);
    private Instant progressPosted = Instant.MIN;

    /**
     * What all rooms of a host share.
     *
     * @param pieces fetches them
     * @param records what may be played in step, while there are any
     * @param clock decides what is late
     * @param tick how often a room looks what there is to do
     * @param promises makes what callers wait for
     * @param events takes topics and snapshots, and does not wait
     */
    public record House(
            Pieces pieces,
            Supplier<@Nullable Records> records,
            InstantSource clock,
            Duration tick,
            PromiseFactory promises,
            BiConsumer<String, Room> events) {}

    /**
     * Enters a room.
     *
     * @param config what all signed
     * @param request who joins, and how
     * @param key of that user
     * @param folder where piece folders go
     * @param transport the transport for the room's address, while there is one
     * @param house what all rooms of a host share
     */
    public RoomSession(
            RoomConfig config,
            JoinRequest request,
            PrivateKey key,
            Path folder,
            Supplier<@Nullable Transport> transport,
            House house) {
        this.config = config;
        this.request = request;
        this.clock = house.clock;
        this.tick = house.tick;
        this.events = house.events;
        board = new Board(config);
        own = new OwnPieces(config, request, folder, house.pieces, board);
        joined = house.promises.deferred();
        finished = house.promises.deferred();
        left = house.promises.deferred();
        began = clock.instant();
        pace = new Pace(request.minimumSpeed(), began);
        deck = new Deck(config.roomId(), house.records);
        ranges =
                new Ranges(
                        board,
                        request.user(),
                        config.maker(),
                        request.fromMembers() ? house.pieces : null,
                        config.pieces().stream()
                                .flatMap(piece -> Stream.ofNullable(piece.sha256()))
                                .collect(Collectors.toSet()),
                        life::wake);
        var seat =
                new Seat(config, request.user(), key, board, drops, deck, ranges, transport, clock);
        side =
                config.maker().equals(request.user())
                        ? new Maker(seat, life)
                        : new Joiner(seat, life);
        thread =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            var made = new Thread(task, "capstan-room-" + config.roomId());
                            made.setDaemon(true);
                            return made;
                        });
    }

    /** Begins. */
    public void start() {
        thread.scheduleWithFixedDelay(this::tick, 0, tick.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The table itself, which a snapshot copies. */
    Board board() {
        return board;
    }

    /**
     * The room, once this user is in it.
     *
     * @return fails if that will never be
     */
    public Promise<Room> joined() {
        return joined.getPromise();
    }

    /**
     * Its end.
     *
     * @return a folder for each piece
     */
    public Promise<Map<String, Path>> finished() {
        return finished.getPromise();
    }

    /**
     * Whether it is this room.
     *
     * @param signed what all signed
     * @param user who joins
     * @return false if it is another, or another user's
     */
    public boolean isOf(RoomConfig signed, String user) {
        return config.digest().equals(signed.digest()) && request.user().equals(user);
    }

    /**
     * Whether nothing more happens in it.
     *
     * @return true once it is finished, left or failed
     */
    public synchronized boolean isOver() {
        return state == State.FINISHED || state == State.CLOSED || state == State.FAILED;
    }

    /**
     * How it stands.
     *
     * @return a snapshot
     */
    public Room snapshot() {
        var members = board.members();
        var warnings = new ArrayList<>(board.flags());
        drops.sentence().ifPresent(warnings::add);
        synchronized (this) {
            if (!slow.isEmpty()) {
                warnings.add(slow);
            }
            return new Room(
                    config.roomId(),
                    request.user(),
                    state,
                    reason,
                    began,
                    members,
                    warnings,
                    state == State.FINISHED ? own.folders() : Map.of());
        }
    }

    /**
     * R11: tries a failed piece of this user again.
     *
     * @param piece its id
     * @return whether it had failed
     */
    public boolean retry(String piece) {
        return !isOver() && own.retry(piece);
    }

    /**
     * Says goodbye and closes everything; what is here stays.
     *
     * @return the room as it was left
     */
    public Promise<Room> leave() {
        run(() -> end(State.CLOSED, "This user has left.", null));
        return left.getPromise();
    }

    /** Ends, as the host does; does not wait. */
    @Override
    public void close() {
        leave();
        thread.shutdown();
    }

    /**
     * Waits for the end of its thread.
     *
     * @param nanos at most so long
     * @throws InterruptedException if the thread was interrupted
     */
    public void awaitEnd(long nanos) throws InterruptedException {
        if (!thread.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
            thread.shutdownNow();
        }
    }

    /**
     * E8: something has become of a record of this host.
     *
     * @param record its id
     */
    public void stir(String record) {
        deck.stir(record);
        life.wake();
    }

    private void run(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "The room is over", e);
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "Room " + config.roomId() + " failed", e);
            end(State.FAILED, "An unexpected error: " + e, Reason.FAILED);
        }
    }

    // The room's thread.

    private void tick() {
        if (!isOver()) {
            guarded(this::look);
        }
    }

    private void look() {
        isWoken.set(false);
        side.tick();
        if (!isOver()) {
            lookAtTime();
        }
        if (!isOver()) {
            lookAtPieces();
        }
        // What ends the room has posted its last event.
        if (!isOver()) {
            post(clock.instant());
        }
    }

    private void lookAtTime() {
        var deadline = request.deadline();
        var now = clock.instant();
        if (deadline != null && !side.isEnding() && !now.isBefore(began.plus(deadline))) {
            end(State.FAILED, "Not everybody was finished by the deadline.", Reason.FAILED);
        }
        var user = request.user();
        var warning = pace.look(now, board.bytes(user), board.isMoving(user)).orElse("");
        synchronized (this) {
            isChanged |= warning.isEmpty() != slow.isEmpty();
            slow = warning;
        }
    }

    private void lookAtPieces() {
        if (request.abortOnFailure()) {
            board.failure(request.user())
                    .ifPresent(why -> end(State.FAILED, "A piece failed. " + why, Reason.FAILED));
        }
    }

    private void post(Instant now) {
        var versions = board.versions();
        boolean isMember;
        synchronized (this) {
            isMember = isChanged || versions.members() != posted.members();
            isChanged = false;
        }
        var isNews = versions.statuses() != posted.statuses();
        var isDue = !now.isBefore(progressPosted.plus(PROGRESS));
        if (isMember) {
            events.accept(Topics.ROOM_MEMBER, snapshot());
        }
        if (isNews || (isDue && versions.moves() != posted.moves())) {
            events.accept(Topics.ROOM_PIECE, snapshot());
            progressPosted = now;
            posted = versions;
        } else {
            posted = new Board.Versions(versions.members(), posted.statuses(), posted.moves());
        }
    }

    /** Ends the room, once. */
    private void end(State how, String why, @Nullable Reason error) {
        synchronized (this) {
            if (isOver()) {
                return;
            }
            state = how;
            reason = how == State.FINISHED ? null : why;
        }
        try {
            side.leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deck.close();
        ranges.close();
        own.close();
        thread.shutdown();
        var last = snapshot();
        events.accept(how == State.FINISHED ? Topics.ROOM_FINISHED : Topics.ROOM_CLOSED, last);
        if (how == State.FINISHED) {
            finished.resolve(last.result());
        } else {
            var failure = new RoomException(error == null ? Reason.FAILED : error, why, null);
            if (!joined.getPromise().isDone()) {
                joined.fail(failure);
            }
            finished.fail(failure);
        }
        left.resolve(last);
    }

    /** What the room's side tells, brought to the room's thread. */
    private final class InRoom implements Life {

        @Override
        public void opened() {
            run(
                    () -> {
                        become(State.OPEN, null);
                        if (!isOver() && !joined.getPromise().isDone()) {
                            joined.resolve(snapshot());
                        }
                        if (!isOver()) {
                            own.fetch(ranges);
                        }
                    });
        }

        @Override
        public void waiting(String why) {
            run(() -> become(State.CONNECTING, why));
        }

        @Override
        public void failed(Reason error, String why) {
            run(() -> end(State.FAILED, why, error));
        }

        @Override
        public void finished() {
            run(() -> end(State.FINISHED, "", null));
        }

        @Override
        public void wake() {
            if (isWoken.compareAndSet(false, true)) {
                run(RoomSession.this::tick);
            }
        }
    }

    private synchronized void become(State how, @Nullable String why) {
        if (!isOver()) {
            state = how;
            reason = why;
            isChanged = true;
        }
    }
}
