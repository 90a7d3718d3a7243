package dev.capstan.room.provider.protocol;

import dev.capstan.record.PlayOrder;
import dev.capstan.record.Playtime;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import dev.capstan.room.provider.document.RoomConfig;
import dev.capstan.room.provider.playing.Cue;
import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Somebody who speaks the protocol by hand, and says what no member would. */
final class Intruder implements Handler, AutoCloseable {
    final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    final CountDownLatch ended = new CountDownLatch(1);
    final Voice voice;
    final RoomChannel channel;
    private final RoomConfig config;
    private final CountDownLatch hears = new CountDownLatch(1);
    private volatile boolean isDeaf;

    Intruder(Party party, String user, KeyPair keys) throws IOException {
        this(party, party.config, user, keys);
    }

    Intruder(Party party, RoomConfig claimed, String user, KeyPair keys) throws IOException {
        config = claimed;
        voice = new Voice(claimed.roomId(), user, keys.getPrivate());
        channel = party.loopback.connect(party.config.transport(), this);
    }

    @Override
    public void received(byte[] frame) {
        if (isDeaf) {
            try {
                hears.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        frames.add(frame);
    }

    @Override
    public void closed(String reason) {
        ended.countDown();
    }

    /** From now on it takes one frame and no more. */
    void deaf() {
        isDeaf = true;
    }

    void hear() {
        isDeaf = false;
        hears.countDown();
    }

    Envelope next() throws Exception {
        var frame = frames.poll(Party.SOON.toSeconds(), TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("Nothing was said");
        }
        return Envelope.of(frame);
    }

    boolean isEnded() throws InterruptedException {
        return ended.await(Party.SOON.toSeconds(), TimeUnit.SECONDS);
    }

    void say(byte[] frame) throws Exception {
        channel.send(frame);
    }

    byte[] hello(String nonce) {
        return voice.say(Types.HELLO, Map.of(Types.CONFIG, config.digest(), Types.NONCE, nonce));
    }

    byte[] proof(String nonce, Header challenge) {
        return voice.say(
                Types.PROOF,
                Map.of(
                        Types.NONCE, nonce,
                        Types.ANSWER, challenge.field(Types.NONCE),
                        Types.PEER, challenge.session()));
    }

    List<String> users() {
        return List.copyOf(config.users().keySet());
    }

    /** Gets in as a member would. */
    Intruder enter() throws Exception {
        var nonce = Voice.nonce();
        say(hello(nonce));
        say(proof(nonce, next().header()));
        var welcome = next().header().type();
        if (!welcome.equals(Types.STATE)) {
            throw new AssertionError("Not let in: " + welcome);
        }
        return this;
    }

    byte[] progress(int place, long bytes, String user) {
        var states = new TreeMap<Integer, PieceState>();
        states.put(place, new PieceState(new Progress(Status.IN_PROGRESS, bytes, 100, null), null));
        var content = Report.write(List.of(new Report(user, true, states)), users()).get(0);
        return voice.say(Types.PROGRESS, Map.of(), content);
    }

    /** R13: asks the maker for a range. */
    byte[] want(String ask) {
        return voice.say(
                Types.WANT,
                Map.of(
                        Types.ASK,
                        ask,
                        Types.HOLDER,
                        config.maker(),
                        Types.PIECE,
                        "a".repeat(64),
                        Types.FROM,
                        "0",
                        Types.LENGTH,
                        "1"));
    }

    byte[] playing(String record, Instant now) {
        var playtime = new Playtime(record, 0, Duration.ZERO, now, 1, PlayOrder.STRAIGHT, "eve");
        return voice.say(Cue.PLAYING, new Cue(Cue.PLAYING, record, playtime).fields(now));
    }

    @Override
    public void close() {
        hear();
        channel.close();
    }
}
