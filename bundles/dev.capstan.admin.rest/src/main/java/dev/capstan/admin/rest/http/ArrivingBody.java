package dev.capstan.admin.rest.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A body on its way, which no thread waits for. Whichever is first ends it: its last byte, the time
 * that is over, the client that has gone, or another body that needs the room.
 *
 * <p>Safe for any thread; the lock is held while what is here already is read.
 */
final class ArrivingBody implements ReadListener, AsyncListener {
    /** More than a body may have, so that whoever is given it sees that. */
    static final int MOST_BYTES = (1 << 20) + 1;

    /** Read all the same: a client that is still sending would not see the answer. */
    private static final int MOST_SKIPPED = 8 << 20;

    private final AsyncContext async;
    private final ServletInputStream in;
    private final Runnable late;
    private final Consumer<ArrivingBody> ended;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int skipped;
    private volatile boolean isOver;

    /**
     * Begins with none of it.
     *
     * @param late sends the answer to one that took too long
     * @param ended hears of the end, whatever it is
     */
    ArrivingBody(
            AsyncContext async,
            ServletInputStream in,
            Runnable late,
            Consumer<ArrivingBody> ended) {
        this.async = async;
        this.in = in;
        this.late = late;
        this.ended = ended;
    }

    @Override
    public synchronized void onDataAvailable() throws IOException {
        var block = new byte[1 << 13];
        while (!isOver && in.isReady()) {
            var count = in.read(block);
            if (count < 0) {
                return; // told of by onAllDataRead
            }
            var kept = Math.min(count, MOST_BYTES - bytes.size());
            bytes.write(block, 0, kept);
            skipped += count - kept;
            if (skipped > MOST_SKIPPED) {
                onAllDataRead();
            }
        }
    }

    @Override
    public synchronized void onAllDataRead() {
        if (end()) {
            async.getRequest().setAttribute(ArrivingBodies.ARRIVED, bytes.toByteArray());
            async.dispatch();
        }
    }

    /** Answers without it. */
    private void giveUp() {
        if (end()) {
            answer();
        }
    }

    /** Answers without it, on another thread. */
    void giveUpSoon() {
        if (end()) {
            async.start(this::answer);
        }
    }

    private void answer() {
        late.run();
        async.complete();
    }

    /** Whether it is awaited no more. */
    boolean isOver() {
        return isOver;
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        giveUp();
    }

    /** The client has gone. */
    @Override
    public void onError(Throwable cause) {
        if (end()) {
            async.complete();
        }
    }

    private synchronized boolean end() {
        var isFirst = !isOver;
        isOver = true;
        ended.accept(this);
        return isFirst;
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Whoever answers begins it again.
    }
}
