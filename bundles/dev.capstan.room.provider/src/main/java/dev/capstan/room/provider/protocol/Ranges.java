package dev.capstan.room.provider.protocol;

import dev.capstan.room.provider.piece.MemberSource;
import dev.capstan.room.provider.piece.PieceRange;
import dev.capstan.room.provider.piece.Pieces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * R13: ranges of pieces that members ask of each other. A member asks the maker, which gives what
 * is its own, or asks the one who is meant and passes the answer on. No more than four are under
 * way on one host, and two of them for one user; the others wait.
 *
 * <p>Whoever calls hands over; all else happens on the room's thread, which alone says things.
 */
final class Ranges implements MemberSource {
    private static final byte[] NOTHING = {};

    /** On one host at once, for itself and for others. */
    private static final int MOST_AT_ONCE = 4;

    /** How long an answer may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What came and was not looked at yet; of more than anybody may send the rest is dropped. */
    private static final int MOST_WISHES = 256;

    private static final int MOST_ANSWERS = 2 * MOST_AT_ONCE;

    private final Board board;
    private final String user;
    private final String maker;
    private final @Nullable Pieces pieces;
    private final Set<String> promised;
    private final Runnable wake;
    private final Queue<Wish> own = new ConcurrentLinkedQueue<>();
    private final Queue<Wish> wishes = new ArrayBlockingQueue<>(MOST_WISHES);
    private final Queue<Answer> answers = new ArrayBlockingQueue<>(MOST_ANSWERS);
    private final Queue<Answer> read = new ConcurrentLinkedQueue<>();
    private final Queue<String> sent = new ConcurrentLinkedQueue<>();
    private volatile boolean isClosed;

    // Of the room's thread only.
    private final List<Wish> waiting = new ArrayList<>();
    private final Map<String, Slot> slots = new HashMap<>();
    private long last;

    /** Where the room's thread says things. */
    interface Line {

        /** Whether a user can be told something. */
        boolean isHere(String user);

        /**
         * Tells a user something.
         *
         * @param whenSent is run once it has left; not if the connection ends before
         * @return false if too much is on its way there
         */
        boolean say(
                String user,
                String type,
                Map<String, String> fields,
                byte[] content,
                Runnable whenSent);
    }

    /** Somebody wants something of somebody. */
    private record Wish(
            String by,
            String id,
            String holder,
            PieceRange range,
            @Nullable CompletableFuture<byte[]> answer) {}

    private record Answer(String by, String id, byte[] bytes) {}

    /** A wish that is being fulfilled. */
    private static final class Slot {
        final Wish wish;
        final Instant since;
        byte @Nullable [] bytes;
        boolean isSaid;

        Slot(Wish wish, Instant since) {
            this.wish = wish;
            this.since = since;
        }
    }

    /**
     * Creates it.
     *
     * @param pieces where they are read, or null if this user neither asks nor gives
     * @param promised digests in the configuration; no other piece is given
     */
    Ranges(
            Board board,
            String user,
            String maker,
            @Nullable Pieces pieces,
            Set<String> promised,
            Runnable wake) {
        this.board = board;
        this.user = user;
        this.maker = maker;
        this.pieces = pieces;
        this.promised = promised;
        this.wake = wake;
    }

    // For any thread.

    @Override
    public List<Holder> holders(String sha256) {
        var holders = board.holders(sha256, user);
        // The maker is nearest.
        holders.sort((a, b) -> Boolean.compare(b.user().equals(maker), a.user().equals(maker)));
        return holders;
    }

    @Override
    public CompletableFuture<byte[]> ask(String holder, PieceRange range) {
        var answer = new CompletableFuture<byte[]>();
        own.add(new Wish(user, "", holder, range, answer));
        if (isClosed) {
            answer.complete(NOTHING);
        }
        wake.run();
        return answer;
    }

    /** A message that wants or gives something. */
    void heard(String by, Envelope said) throws MalformedException {
        if (said.header().type().equals(Types.WANT)) {
            wanted(by, said.header());
        } else {
            given(by, said.header(), said.content());
        }
    }

    void wanted(String by, Header header) throws MalformedException {
        try {
            var range =
                    new PieceRange(
                            header.field(Types.PIECE),
                            Long.parseLong(header.field(Types.FROM)),
                            Integer.parseInt(header.field(Types.LENGTH)));
            var wish =
                    new Wish(by, header.field(Types.ASK), header.field(Types.HOLDER), range, null);
            if (wishes.offer(wish)) {
                wake.run();
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedException("A range that is none is wanted");
        }
    }

    void given(String by, Header header, byte[] content) throws MalformedException {
        if (content.length > MOST_BYTES) {
            throw new MalformedException("More is given than may be asked for");
        }
        if (answers.offer(new Answer(by, header.field(Types.ASK), content))) {
            wake.run();
        }
    }

    // The room's thread.

    /** Looks what there is to do, after everything else was told. */
    void tick(Instant now, Line line) {
        take(own);
        take(wishes);
        for (var id = sent.poll(); id != null; id = sent.poll()) {
            slots.remove(id);
        }
        for (var got = read.poll(); got != null; got = read.poll()) {
            answered(got, user);
        }
        for (var got = answers.poll(); got != null; got = answers.poll()) {
            answered(got, got.by());
        }
        giveUp(now, line);
        begin(now, line);
        answer(line);
    }

    private void take(Queue<Wish> from) {
        for (var wish = from.poll(); wish != null; wish = from.poll()) {
            waiting.add(wish);
        }
    }

    /** Nobody answers for another. */
    private void answered(Answer got, String by) {
        var slot = slots.get(got.id());
        if (slot != null && slot.bytes == null && by.equals(next(slot.wish))) {
            slot.bytes = got.bytes();
        }
    }

    private void giveUp(Instant now, Line line) {
        slots.values().removeIf(slot -> !isOwn(slot.wish) && !line.isHere(slot.wish.by()));
        waiting.removeIf(wish -> !isOwn(wish) && !line.isHere(wish.by()));
        for (var slot : slots.values()) {
            var isLate = Duration.between(slot.since, now).compareTo(PATIENCE) > 0;
            var next = next(slot.wish);
            if (slot.bytes == null && (isLate || !(next.equals(user) || line.isHere(next)))) {
                slot.bytes = NOTHING;
            }
        }
    }

    private void begin(Instant now, Line line) {
        for (var each = waiting.iterator(); each.hasNext() && slots.size() < MOST_AT_ONCE; ) {
            var wish = each.next();
            var busy = slots.values().stream().filter(slot -> slot.wish.by().equals(wish.by()));
            // The maker asks in the name of all.
            if (busy.count() < MOST_RANGES || (wish.by().equals(maker) && !isOwn(wish))) {
                each.remove();
                begin(wish, now, line);
            }
        }
    }

    private void begin(Wish wish, Instant now, Line line) {
        var id = String.valueOf(++last);
        var slot = new Slot(wish, now);
        var next = next(wish);
        slots.put(id, slot);
        if (pieces == null || !promised.contains(wish.range().sha256())) {
            slot.bytes = NOTHING;
        } else if (next.equals(user)) {
            pieces.read(
                    wish.range(),
                    bytes -> {
                        read.add(new Answer(user, id, bytes));
                        wake.run();
                    });
        } else if (!line.isHere(next)
                || !line.say(next, Types.WANT, fields(id, wish), NOTHING, () -> {})) {
            slot.bytes = NOTHING;
        }
    }

    private static Map<String, String> fields(String id, Wish wish) {
        var range = wish.range();
        return Map.of(
                Types.ASK,
                id,
                Types.HOLDER,
                wish.holder(),
                Types.PIECE,
                range.sha256(),
                Types.FROM,
                String.valueOf(range.from()),
                Types.LENGTH,
                String.valueOf(range.length()));
    }

    private void answer(Line line) {
        for (var each = slots.entrySet().iterator(); each.hasNext(); ) {
            var entry = each.next();
            var slot = entry.getValue();
            var bytes = slot.bytes;
            if (bytes == null || slot.isSaid) {
                continue;
            }
            var answer = slot.wish.answer();
            if (answer != null) {
                each.remove();
                answer.complete(bytes);
                continue;
            }
            var id = entry.getKey();
            slot.isSaid =
                    line.say(
                            slot.wish.by(),
                            Types.GIVE,
                            Map.of(Types.ASK, slot.wish.id()),
                            bytes,
                            () -> {
                                sent.add(id);
                                wake.run();
                            });
        }
    }

    private boolean isOwn(Wish wish) {
        return wish.answer() != null;
    }

    /** Who is to answer here: this host, the one who is meant, or the maker in between. */
    private String next(Wish wish) {
        if (wish.holder().equals(user)) {
            return user;
        }
        return user.equals(maker) ? wish.holder() : maker;
    }

    /** Ends; whoever waits gets nothing. */
    void close() {
        isClosed = true;
        take(own);
        slots.values().forEach(slot -> waiting.add(slot.wish));
        slots.clear();
        for (var wish : waiting) {
            var answer = wish.answer();
            if (answer != null) {
                answer.complete(NOTHING);
            }
        }
        waiting.clear();
    }
}
