package dev.capstan.room.provider.protocol;

import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where a room is open to members: listens while there is a transport, tries again where it cannot,
 * and keeps those who have knocked until they prove who they are (R8), a while and not too many.
 *
 * <p>Strangers knock on the transport's threads; all else is for the room's thread. Its monitor
 * guards who they are.
 */
final class Door {
    /** Strangers at once; of more, the one that knocked first goes. */
    static final int MOST_STRANGERS = 256;

    static final Duration PROVE_WITHIN = Duration.ofSeconds(10);

    private static final Duration OPEN_AGAIN = Duration.ofSeconds(2);

    private final Seat seat;
    private final Life life;
    private final BiFunction<RoomChannel, Transport, Guest> guests;
    private final Set<Guest> strangers = new LinkedHashSet<>();
    private volatile @Nullable Listener listener;
    private volatile boolean isOpening;
    private volatile boolean isShut;
    private volatile boolean wasOpen;
    private Instant next = Instant.MIN;

    private record Listener(Closeable closeable, Transport transport) {}

    /**
     * Creates it, closed.
     *
     * @param guests makes one of a connection
     */
    Door(Seat seat, Life life, BiFunction<RoomChannel, Transport, Guest> guests) {
        this.seat = seat;
        this.life = life;
        this.guests = guests;
    }

    /** Whether it is open; where it is not, that is begun when it is time. */
    boolean isOpen(Instant now) {
        var open = listener;
        if (open != null && open.transport.isClosed()) {
            listener = null;
            open.transport.close(open.closeable);
            seat.board().connected(seat.user(), false);
            life.waiting("The transport of " + seat.config().transport() + " is away.");
            return false;
        }
        if (open == null && !isOpening && !now.isBefore(next)) {
            isOpening = true;
            next = now.plus(OPEN_AGAIN);
            var thread = new Thread(this::open, seat.thread("open"));
            thread.setDaemon(true);
            thread.start();
        }
        return open != null;
    }

    private void open() {
        var address = seat.config().transport();
        var transport = seat.transport().get();
        try {
            if (transport == null) {
                throw new IOException("No transport takes addresses such as " + address + ".");
            }
            var opened =
                    new Listener(
                            transport.open(address, channel -> knock(channel, transport)),
                            transport);
            wasOpen = true;
            // First, so that whoever sees it lost again has the last word.
            seat.board().connected(seat.user(), true);
            listener = opened;
            if (isShut) {
                transport.close(opened.closeable);
                return;
            }
            life.opened();
        } catch (IOException e) {
            var why = "The room cannot be opened at " + address + ": " + e.getMessage();
            if (wasOpen) {
                life.waiting(why);
            } else {
                life.failed(Reason.UNREACHABLE, why);
            }
        } catch (Transport.Fault e) {
            life.failed(Reason.UNREACHABLE, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            isOpening = false;
        }
    }

    private Handler knock(RoomChannel channel, Transport transport) {
        var guest = guests.apply(channel, transport);
        Guest eldest = null;
        synchronized (this) {
            strangers.add(guest);
            if (strangers.size() > MOST_STRANGERS) {
                eldest = strangers.iterator().next();
            }
        }
        if (eldest != null) {
            eldest.end();
        }
        if (isShut) {
            guest.end();
        }
        return guest;
    }

    /** Somebody has proved who it is, or has gone. */
    synchronized void forget(Guest guest) {
        strangers.remove(guest);
    }

    void endThoseWhoAreLate(Instant now) {
        for (var guest : strangers()) {
            if (guest.age(now).compareTo(PROVE_WITHIN) > 0) {
                guest.end();
            }
        }
    }

    private synchronized List<Guest> strangers() {
        return List.copyOf(strangers);
    }

    /** Nobody comes in any more. */
    void shut() {
        isShut = true;
    }

    /**
     * Stops listening, and waits for that, but not for long.
     *
     * @throws InterruptedException if the thread was interrupted; it closes all the same
     */
    void close() throws InterruptedException {
        try {
            var open = listener;
            if (open != null) {
                open.transport.closeNow(open.closeable);
            }
        } finally {
            strangers().forEach(Guest::end);
        }
    }
}
