package dev.capstan.content.file;

import dev.capstan.content.spi.Ingest.Readers;
import dev.capstan.content.spi.IngestRequest.LookAhead;
import dev.capstan.content.spi.RangeSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Who wants the bytes of one source, and how far (P10). Whoever has a handle wants the whole, or
 * some way ahead of the furthest reader; the filler goes as far as the one who wants most.
 *
 * <p>Safe for any threads, without a lock: readers move without being in each other's way.
 */
final class Audience {
    /** How far ahead of a reader bytes are worth a connection. */
    private static final long WINDOW = 2 << 20;

    /** How far a reader moves on before the filler hears of it; where it misses bytes, at once. */
    private static final long STEP = 256 << 10;

    private final List<Seat> seats = new CopyOnWriteArrayList<>();
    private final List<Wish> wishes = new CopyOnWriteArrayList<>();
    private final Runnable changed;

    /**
     * Nobody yet.
     *
     * @param changed is run where the filler may go on; must return at once
     */
    Audience(Runnable changed) {
        this.changed = changed;
    }

    /** What one handle wants; each is a thing of its own. */
    private static final class Wish {
        private final @Nullable LookAhead lookAhead;

        private Wish(@Nullable LookAhead lookAhead) {
            this.lookAhead = lookAhead;
        }

        private long horizon(boolean read, long furthest) {
            if (lookAhead == null || (!read && !lookAhead.withoutReaders())) {
                return Long.MAX_VALUE;
            }
            return furthest > Long.MAX_VALUE - lookAhead.bytes()
                    ? Long.MAX_VALUE
                    : furthest + lookAhead.bytes();
        }
    }

    /** Where one reader is. Its own threads move it. */
    final class Seat {
        private volatile long read;
        private volatile long wants;
        private volatile long told;

        private Seat() {}

        /** Bytes were read up to a position. */
        void reached(long end) {
            read = end;
            wants = end;
            // Several threads of one reader may tell twice; that does no harm.
            if (Math.abs(end - told) >= step()) {
                told = end;
                changed.run();
            }
        }

        /** Bytes up to a position are waited for; the filler hears of it by the demand. */
        void misses(long end) {
            wants = end;
            told = end;
        }

        void leave() {
            change(() -> seats.remove(this));
        }
    }

    Seat enter() {
        var seat = new Seat();
        change(() -> seats.add(seat));
        return seat;
    }

    /**
     * Notes what a handle wants.
     *
     * @return takes the wish back
     */
    Runnable wish(@Nullable LookAhead lookAhead) {
        var wish = new Wish(lookAhead);
        change(() -> wishes.add(wish));
        return () -> change(() -> wishes.remove(wish));
    }

    private void change(Runnable change) {
        var before = horizon();
        change.run();
        if (horizon() != before) {
            changed.run();
        }
    }

    /** A step that is small beside what the filler is held back by. */
    private long step() {
        return Math.max(1, Math.min(STEP, lookAhead() / 8));
    }

    /** How far ahead of a reader somebody wants the bytes. */
    private long lookAhead() {
        var most = wishes.isEmpty() ? Long.MAX_VALUE : 0;
        for (var wish : wishes) {
            most = Math.max(most, wish.lookAhead == null ? Long.MAX_VALUE : wish.lookAhead.bytes());
        }
        return most;
    }

    /** The bytes that readers come to next. */
    RangeSet upcoming() {
        var window = Math.min(WINDOW, lookAhead());
        var ahead = RangeSet.EMPTY;
        for (var seat : seats) {
            var from = seat.wants;
            if (from < Long.MAX_VALUE - window) {
                ahead = ahead.plus(from, from + window);
            }
        }
        return ahead;
    }

    /** The first byte that nobody wants yet. */
    long horizon() {
        var furthest = 0L;
        var read = false;
        for (var seat : seats) {
            read = true;
            furthest = Math.max(furthest, seat.wants);
        }
        var horizon = wishes.isEmpty() ? Long.MAX_VALUE : 0;
        for (var wish : wishes) {
            horizon = Math.max(horizon, wish.horizon(read, furthest));
        }
        return horizon;
    }

    Readers readers() {
        var furthest = 0L;
        var count = 0;
        for (var seat : seats) {
            count++;
            furthest = Math.max(furthest, seat.read);
        }
        return new Readers(count, furthest);
    }
}
