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
import org.jspecify.annotations.Nullable;

/**
 * One connection of a member to the maker: says hello, believes the maker once that has proved who
 * it is, proves who this user is (R8), and hears the maker from then on (R9). Safe for any number
 * of threads; its monitor guards how far it is, and the channel is never called under it.
 */
final class MakerLink implements Handler {
    private final Seat seat;
    private final Joiner joiner;
    private final Transport transport;
    private final Voice voice;
    private final String ourNonce = Voice.nonce();
    private final MakerClock makerClock = new MakerClock();
    private final Instant began;
    private String greeting = "";
    private Phase phase = Phase.SILENT;
    private @Nullable Ear ear;
    private @Nullable RoomChannel channel;
    private @Nullable Outbox outbox;
    private int offences;
    private volatile Instant heard;

    private enum Phase {
        SILENT,
        GREETED,
        PROVED,
        OPEN,
        GONE
    }

    MakerLink(Seat seat, Joiner joiner, Transport transport) {
        this.seat = seat;
        this.joiner = joiner;
        this.transport = transport;
        voice = seat.voice();
        began = seat.clock().instant();
        heard = began;
    }

    /** Begins, once there is a channel. */
    void greet(RoomChannel connected) {
        synchronized (this) {
            channel = connected;
            if (phase == Phase.SILENT) {
                phase = Phase.GREETED;
                outbox =
                        new Outbox(
                                seat.thread(seat.user()),
                                connected,
                                seat.clock(),
                                reason -> end(reason));
                var config = seat.config().digest();
                var hello =
                        voice.say(Types.HELLO, Map.of(Types.CONFIG, config, Types.NONCE, ourNonce));
                greeting = Envelope.digest(hello);
                outbox.offer(hello);
                return;
            }
        }
        transport.close(connected);
    }

    synchronized boolean isOpen() {
        return phase == Phase.OPEN;
    }

    synchronized boolean isGone() {
        return phase == Phase.GONE;
    }

    /** Why it should end, or null. */
    synchronized @Nullable String complaint(Instant now) {
        if (transport.isClosed()) {
            return "The transport is away.";
        }
        if (phase != Phase.OPEN && Duration.between(began, now).compareTo(Door.PROVE_WITHIN) > 0) {
            return seat.config().maker() + " does not answer.";
        }
        if (Duration.between(heard, now).compareTo(Maker.PATIENCE) > 0
                || (outbox != null && outbox.stuck().compareTo(Maker.PATIENCE) > 0)) {
            return seat.config().maker() + " has said nothing for a while.";
        }
        return null;
    }

    MakerClock makerClock() {
        return makerClock;
    }

    Voice voice() {
        return voice;
    }

    synchronized boolean offer(List<byte[]> frames) {
        return outbox != null && outbox.offer(frames);
    }

    synchronized boolean isIdle() {
        return outbox != null && outbox.isEmpty();
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
                end("Whoever answers is not " + seat.config().maker() + ".");
            }
        }
    }

    private synchronized boolean isTooMuch() {
        return phase == Phase.GREETED || ++offences >= Seat.MOST_OFFENCES;
    }

    private @Nullable Cause hear(byte[] frame) {
        Envelope said;
        synchronized (this) {
            var isMaker = phase == Phase.PROVED || phase == Phase.OPEN;
            if (frame.length > (isMaker ? RoomTransport.MAX_FRAME : Seat.UNPROVEN_FRAME)) {
                return Cause.TOO_LONG;
            }
            try {
                said = Envelope.of(frame);
            } catch (MalformedException e) {
                return Cause.MALFORMED;
            }
            if (phase == Phase.GREETED) {
                return answer(said);
            }
            if (!isMaker || ear == null) {
                return null;
            }
            var doubt = ear.doubt(said);
            if (doubt != null) {
                return doubt;
            }
        }
        try {
            listen(said);
            return null;
        } catch (MalformedException e) {
            return Cause.MALFORMED;
        }
    }

    private @Nullable Cause answer(Envelope said) {
        var header = said.header();
        var maker = seat.config().maker();
        if (!header.room().equals(seat.config().roomId())) {
            return Cause.OTHER_ROOM;
        }
        var isRefusal = header.type().equals(Types.REFUSED);
        if (!header.user().equals(maker)
                || !(isRefusal ? isOurs(header) : header.field(Types.ANSWER).equals(ourNonce))) {
            return Cause.OTHER_SESSION;
        }
        if (!said.isSignedBy(seat.keyOf(maker))) {
            return Cause.UNSIGNED;
        }
        if (isRefusal) {
            joiner.refused(header.field(Types.REASON));
            return null;
        }
        if (!header.type().equals(Types.CHALLENGE)
                || !header.field(Types.CONFIG).equals(seat.config().digest())
                || !header.field(Types.PEER).equals(voice.session())) {
            return Cause.MALFORMED;
        }
        ear = new Ear(seat.keyOf(maker), header);
        phase = Phase.PROVED;
        offer(
                List.of(
                        voice.say(
                                Types.PROOF,
                                Map.of(
                                        Types.NONCE, ourNonce,
                                        Types.ANSWER, header.field(Types.NONCE),
                                        Types.PEER, header.session()))));
        return null;
    }

    /** Whether what is refused is this connection: others of the room hear the same session. */
    private synchronized boolean isOurs(Header refusal) {
        return refusal.field(Types.GREETING).equals(greeting);
    }

    private void listen(Envelope said) throws MalformedException {
        switch (said.header().type()) {
            case Types.STATE -> {
                var reports = seat.board().read(said.content());
                var isFirst = isFirst();
                joiner.told(reports);
                if (isFirst) {
                    joiner.opened(this);
                }
            }
            case Cue.PLAYING, Cue.STOPPED, MakerClock.PONG -> play(said.header());
            case Types.WANT, Types.GIVE -> seat.ranges().heard(said.header().user(), said);
            case Types.FINISHED -> joiner.allFinished();
            case Types.GOODBYE -> {
                if (said.content().length == 0) {
                    joiner.makerLeft(this);
                }
            }
            case Types.REFUSED -> {
                if (isOurs(said.header())) {
                    joiner.refused(said.header().field(Types.REASON));
                }
            }
            default -> {
                // Of a later version; it is signed, so it does no harm.
            }
        }
    }

    private void play(Header header) throws MalformedException {
        try {
            if (header.type().equals(MakerClock.PONG)) {
                makerClock.hear(header.fields(), heard);
            } else {
                joiner.cued(this, Cue.of(header.type(), header.fields(), header.user()));
            }
        } catch (IllegalArgumentException e) {
            throw new MalformedException("The maker plays what is no record");
        }
    }

    private synchronized boolean isFirst() {
        if (phase != Phase.PROVED) {
            return false;
        }
        phase = Phase.OPEN;
        return true;
    }

    /** Sends what is there, and nothing more. */
    void finish(Duration limit) throws InterruptedException {
        Outbox mine;
        synchronized (this) {
            mine = outbox;
        }
        if (mine != null) {
            mine.finish();
            mine.awaitEnd(limit);
        }
    }

    @Override
    public void closed(@Nullable String reason) {
        end(reason == null ? "It was closed." : Report.sentence(reason));
    }

    /** Ends the connection. Idempotent. */
    void end(String reason) {
        RoomChannel mine;
        synchronized (this) {
            if (phase == Phase.GONE) {
                return;
            }
            phase = Phase.GONE;
            mine = channel;
            if (outbox != null) {
                outbox.close();
            }
        }
        if (mine != null) {
            transport.close(mine);
        }
        joiner.ended(this, reason);
    }
}
