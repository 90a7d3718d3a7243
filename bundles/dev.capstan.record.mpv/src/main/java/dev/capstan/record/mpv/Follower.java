package dev.capstan.record.mpv;

import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Playtime;
import dev.capstan.record.RecordException;
import dev.capstan.record.Records;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps one mpv where the record is (E8): far off it jumps, a little off it plays a little faster
 * or slower until it is there, which nobody hears. How long a jump takes it learns from the jumps
 * before, and aims that much further.
 *
 * <p>One thread of its own follows; {@link #lookAt} and {@link #close} may come on any.
 */
final class Follower implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Follower.class.getName());
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final double JUMP_SECONDS = 0.15;
    private static final double CLOSE_SECONDS = 0.01;
    private static final double PAUSED_SECONDS = 0.05;

    /** Of the drift, how much is made up for in a second. */
    private static final double CORRECTION = 0.5;

    private static final double MOST_CORRECTION = 0.02;

    /** Each change of speed is work for the player, so that a finer one does harm. */
    private static final double STEPS = 200;

    private static final double LONGEST_JUMP_SECONDS = 1;

    /** Finds what mpv can open of a track, or nothing yet. */
    interface Sources {
        Optional<String> find(EtchedRecord record, int track);
    }

    private final String name;
    private final String id;
    private final Records records;
    private final Mpv mpv;
    private final Sources sources;
    private final Consumer<String> whenOver;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    // The rest belongs to the thread.
    private int loaded = -1;
    private boolean paused = true;
    private double speed = 1;
    private Instant heard = Instant.MIN;
    private double jumpSeconds;
    private boolean hasJumped;

    Follower(
            String name,
            String id,
            Records records,
            Mpv mpv,
            Sources sources,
            Consumer<String> whenOver) {
        this.name = name;
        this.id = id;
        this.records = records;
        this.mpv = mpv;
        this.sources = sources;
        this.whenOver = whenOver;
        thread = new Thread(this::run, "capstan-mpv-" + name);
        thread.setDaemon(true);
    }

    void begin() throws RecordException {
        try {
            records.join(id, name);
        } catch (RecordException e) {
            close();
            throw e;
        }
        thread.start();
    }

    /** A record has changed; if it is this one, looks at once. */
    void lookAt(String record) {
        if (record.equals(id)) {
            wake.release();
        }
    }

    private void run() {
        try {
            while (!closed && mpv.isAlive()) {
                follow(now());
                if (wake.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            // It was closed.
        } catch (IOException | RecordException e) {
            LOG.log(closed ? Level.DEBUG : Level.INFO, "Player {0} ended: {1}", name, e);
        } finally {
            records.leave(id, name);
            mpv.close();
            whenOver.accept(name);
        }
    }

    private Playtime now() throws RecordException {
        var known = records.playtime(id);
        var time = Instant.now();
        if (known.isEmpty() || time.isAfter(heard.plus(HEARTBEAT))) {
            heard = time;
            return records.join(id, name);
        }
        return known.get();
    }

    private void follow(Playtime now) throws IOException, InterruptedException, RecordException {
        if (loaded != now.track() && !load(now.track())) {
            return;
        }
        var asked = Instant.now();
        var position = mpv.position(paused);
        if (position.isEmpty()) {
            return; // it has not begun to play yet
        }
        // The answer is of a moment between asking and hearing.
        var at = asked.plus(Duration.between(asked, Instant.now()).dividedBy(2));
        var drift = position.getAsDouble() - seconds(now.positionAt(at));
        if (now.rate() == 0) {
            pause(true);
            if (Math.abs(drift) > PAUSED_SECONDS && !mpv.is("eof-reached")) {
                mpv.seek(seconds(now.position()));
            }
            return;
        }
        if (mpv.is("eof-reached")) {
            ended(now, drift);
            return;
        }
        if (hasJumped && !paused) {
            hasJumped = false;
            learn(drift / now.rate());
        }
        if (Math.abs(drift) > JUMP_SECONDS) {
            mpv.seek(seconds(now.positionAt(Instant.now())) + jumpSeconds * now.rate());
            hasJumped = true;
            drift = 0;
        }
        play(now.rate(), drift);
        pause(false);
    }

    /** Whoever was late after a jump aims further at the next one. */
    private void learn(double drift) {
        jumpSeconds = Math.max(0, Math.min(LONGEST_JUMP_SECONDS, jumpSeconds - drift / 2));
    }

    private boolean load(int track) throws IOException, InterruptedException {
        var record = records.get(id);
        var source = record.flatMap(there -> sources.find(there, track));
        if (source.isEmpty()) {
            return false;
        }
        pause(true);
        mpv.load(source.get());
        loaded = track;
        return true;
    }

    /** Nobody knew how long the track is: who leads says that it has ended. */
    private void ended(Playtime now, double drift)
            throws IOException, InterruptedException, RecordException {
        if (drift > JUMP_SECONDS) {
            mpv.seek(seconds(now.positionAt(Instant.now())));
            return;
        }
        var tracks = records.get(id).map(EtchedRecord::tracks).orElse(null);
        if (tracks == null
                || tracks.get(now.track()).duration() != null
                || !now.leader().equals(name)) {
            return;
        }
        var next = now.order().after(now.track(), tracks.size());
        if (next.isPresent()) {
            loaded = -1;
            records.steer(id, name, next.getAsInt(), Duration.ZERO, now.rate());
        } else {
            records.steer(id, name, now.track(), now.positionAt(Instant.now()), 0);
        }
    }

    private void play(double rate, double drift) throws IOException, InterruptedException {
        var correction =
                Math.abs(drift) < CLOSE_SECONDS
                        ? 0
                        : Math.max(
                                -MOST_CORRECTION, Math.min(MOST_CORRECTION, -drift * CORRECTION));
        var wanted = rate * (1 + Math.rint(correction * STEPS) / STEPS);
        if (wanted != speed) {
            mpv.set("speed", wanted);
            speed = wanted;
        }
    }

    private void pause(boolean wanted) throws IOException, InterruptedException {
        if (paused != wanted) {
            mpv.set("pause", wanted);
            paused = wanted;
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        mpv.close();
    }
}
