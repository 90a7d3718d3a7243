package dev.capstan.room.provider.protocol;

import dev.capstan.room.provider.playing.Cue;
import dev.capstan.room.provider.playing.MakerClock;
import dev.capstan.room.provider.protocol.Drops.Cause;
import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One connection at the maker: a stranger that knocks, is asked who it is, proves it (R8), and is a
 * member from then on (R9). Safe for any number of threads; its monitor guards how far it is, and
 * the channel is never called under it.
 */
final class Guest implements Handler {
    private static final int LONGEST_NONCE = 64;

    /** Who says more than this of what is played waits for the next look. */
    private static final Duration PROMPT = Duration.ofMillis(50);

    private final Seat seat;
    private final Maker maker;
    private final RoomChannel channel;
    private final Transport transport;
    private final Instant came;
    private Phase phase = Phase.KNOCKING;
    private String user = "";
    private String theirNonce = "";
    private String greeting = "";
    private String ourNonce = "";
    private @Nullable Ear ear;
    private @Nullable Outbox outbox;
    private int offences;
    private volatile Instant heard;
    private final AtomicReference<@Nullable Ping> ping = new AtomicReference<>();
    private Instant cued = Instant.MIN;

    /** Touched by the room's thread only: it has missed something and is told all anew. */
    boolean isBehind = true;

    private record Ping(Map<String, String> fields, Instant came) {}

    private enum Phase {
        KNOCKING,
        CHALLENGED,
        PRESENT,
        LEAVING,
        GONE
    }

    Guest(Seat seat, Maker maker, RoomChannel channel, Transport transport) {
        this.seat = seat;
        this.maker = maker;
        this.channel = channel;
        this.transport = transport;
        came = seat.clock().instant();
        heard = came;
    }

    /** Who it is, once it was believed. */
    synchronized String user() {
        return user;
    }

    Duration age(Instant now) {
        return Duration.between(came, now);
    }

    Duration silence(Instant now) {
        return Duration.between(heard, now);
    }

    synchronized Duration stuck() {
        return outbox == null ? Duration.ZERO : outbox.stuck();
    }

    synchronized boolean isIdle() {
        return outbox != null && outbox.isEmpty();
    }

    synchronized boolean offer(List<byte[]> frames) {
        return outbox != null && outbox.offer(frames);
    }

    synchronized boolean offer(byte[] frame, Runnable whenSent) {
        return outbox != null && outbox.offer(frame, whenSent);
    }

    @Override
    public void received(byte @Nullable [] frame) {
        heard = seat.clock().instant();
        var doubt = frame == null ? Cause.MALFORMED : hear(frame);
        if (doubt != null) {
            seat.drops().count(doubt);
            if (isTooMuch()) {
                end();
            }
        }
    }

    /** Whoever has not proved who it is has one try. */
    private synchronized boolean isTooMuch() {
        return phase == Phase.KNOCKING
                || phase == Phase.CHALLENGED
                || ++offences >= Seat.MOST_OFFENCES;
    }

    private synchronized @Nullable Cause hear(byte[] frame) {
        var isMember = phase == Phase.PRESENT;
        if (frame.length > (isMember ? RoomTransport.MAX_FRAME : Seat.UNPROVEN_FRAME)) {
            return Cause.TOO_LONG;
        }
        try {
            var said = Envelope.of(frame);
            return switch (phase) {
                case KNOCKING -> greet(said);
                case CHALLENGED -> prove(said);
                case PRESENT -> listen(said);
                case LEAVING, GONE -> null;
            };
        } catch (MalformedException e) {
            return Cause.MALFORMED;
        }
    }

    private @Nullable Cause greet(Envelope said) {
        var hello = said.header();
        theirNonce = hello.field(Types.NONCE);
        greeting = Envelope.digest(said.frame());
        if (!hello.type().equals(Types.HELLO)
                || theirNonce.isEmpty()
                || theirNonce.length() > LONGEST_NONCE) {
            return Cause.MALFORMED;
        }
        if (!hello.room().equals(seat.config().roomId())) {
            return refuse("This is another room.", Cause.OTHER_ROOM);
        }
        if (!hello.field(Types.CONFIG).equals(seat.config().digest())) {
            return refuse("The room file is not the one of this room.", Cause.OTHER_ROOM);
        }
        if (!seat.board().has(hello.user()) || hello.user().equals(seat.user())) {
            return refuse("No such user is expected to join this room.", Cause.OTHER_SESSION);
        }
        if (!said.isSignedBy(seat.keyOf(hello.user()))) {
            return refuse("The key is not that of the user.", Cause.UNSIGNED);
        }
        user = hello.user();
        ear = new Ear(seat.keyOf(user), hello);
        ourNonce = Voice.nonce();
        phase = Phase.CHALLENGED;
        speak(
                Types.CHALLENGE,
                Map.of(
                        Types.CONFIG,
                        seat.config().digest(),
                        Types.NONCE,
                        ourNonce,
                        Types.ANSWER,
                        theirNonce,
                        Types.PEER,
                        hello.session()));
        return null;
    }

    private @Nullable Cause prove(Envelope said) {
        // Nothing is said to whoever fails here: somebody else may have sent it in the user's name.
        var doubt = ear == null ? Cause.MALFORMED : ear.doubt(said);
        if (doubt != null) {
            return doubt;
        }
        var proof = said.header();
        if (!proof.type().equals(Types.PROOF)
                || !proof.field(Types.NONCE).equals(theirNonce)
                || !proof.field(Types.ANSWER).equals(ourNonce)
                || !proof.field(Types.PEER).equals(maker.voice().session())) {
            return Cause.REPLAYED;
        }
        phase = Phase.PRESENT;
        maker.welcome(this, user);
        return null;
    }

    private @Nullable Cause listen(Envelope said) throws MalformedException {
        var doubt = ear == null ? Cause.MALFORMED : ear.doubt(said);
        if (doubt != null) {
            return doubt;
        }
        switch (said.header().type()) {
            case Types.STATE, Types.PROGRESS, Types.ERROR, Types.FINISHED -> {
                for (var report : seat.board().read(said.content())) {
                    if (!report.user().equals(user)) {
                        throw new MalformedException("A member speaks for itself only");
                    }
                    maker.told(this, report.pieces());
                }
            }
            case Cue.PLAYING, Cue.LISTENING, Cue.STOPPED -> cue(said.header());
            case MakerClock.PING -> ping.set(new Ping(said.header().fields(), heard));
            case Types.WANT, Types.GIVE -> maker.ranged(this, said);
            case Types.GOODBYE -> maker.left(this);
            default -> {
                // Of a later version; it is signed, so it does no harm.
            }
        }
        return null;
    }

    private void cue(Header header) throws MalformedException {
        try {
            var prompt = Duration.between(cued, heard).compareTo(PROMPT) > 0;
            cued = heard;
            maker.cued(this, Cue.of(header.type(), header.fields(), user), prompt);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("A member plays what is no record");
        }
    }

    /** Answers who has asked what the time is; for the room's thread. */
    void tellTime() {
        var asked = ping.getAndSet(null);
        if (asked != null) {
            var now = seat.clock().instant();
            try {
                var pong = MakerClock.answer(asked.fields, asked.came, now);
                offer(List.of(maker.voice().say(MakerClock.PONG, pong)));
            } catch (IllegalArgumentException e) {
                seat.drops().count(Cause.MALFORMED);
            }
        }
    }

    /** Tells why, and nothing more; the connection ends once that was sent. */
    private Cause refuse(String reason, Cause cause) {
        dismiss(reason);
        return cause;
    }

    /** Ends the connection with a reason that the other side believes. */
    synchronized void dismiss(String reason) {
        if (phase != Phase.GONE) {
            phase = Phase.LEAVING;
            speak(Types.REFUSED, Map.of(Types.REASON, reason, Types.GREETING, greeting));
            if (outbox != null) {
                outbox.finish();
            }
        }
    }

    private void speak(String type, Map<String, String> fields) {
        if (outbox == null) {
            var name = user.isEmpty() ? "stranger" : user;
            outbox = new Outbox(seat.thread(name), channel, seat.clock(), reason -> end());
        }
        outbox.offer(maker.voice().say(type, fields));
    }

    /** Sends what is there, and then ends. */
    synchronized void finish() {
        if (outbox != null) {
            outbox.finish();
        }
    }

    void awaitEnd(Duration limit) throws InterruptedException {
        Outbox mine;
        synchronized (this) {
            mine = outbox;
        }
        if (mine != null) {
            mine.awaitEnd(limit);
        }
    }

    @Override
    public void closed(@Nullable String reason) {
        end();
    }

    /** Ends the connection. Idempotent. */
    void end() {
        synchronized (this) {
            if (phase == Phase.GONE) {
                return;
            }
            phase = Phase.GONE;
            if (outbox != null) {
                outbox.close();
            }
        }
        transport.close(channel);
        maker.gone(this);
    }
}
