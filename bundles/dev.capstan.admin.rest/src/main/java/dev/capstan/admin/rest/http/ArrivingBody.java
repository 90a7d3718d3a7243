package dev.capstan.admin.rest.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * A body on its way, which no thread waits for. Whichever is first ends it: its last byte, the time
 * that is over, the client that has gone, or another body that needs the room.
 *
 * <p>Safe for any thread; the lock is held while what is here already is read.
 */
final class ArrivingBody implements ReadListener, AsyncListener {
    private static final System.Logger LOG = System.getLogger(ArrivingBody.class.getName());

    private static final Reply LATE =
            Reply.of(new ProblemException(408, "SLOW", "The body did not come in time."))
                    .with("Connection", "close");

    static final Reply NO_ROOM =
            Reply.of(new ProblemException(503, "IO", "The body could not be written to the disk."))
                    .with("Connection", "close");

    /** Read all the same: a client that is still sending would not see the answer. */
    private static final int MOST_SKIPPED = 8 << 20;

    private final AsyncContext async;
    private final ServletInputStream in;
    private final BodyStore store;
    private final Consumer<Reply> sender;
    private final Consumer<ArrivingBody> ended;
    private long kept;
    private int skipped;
    private volatile boolean isOver;

    /**
     * Begins with none of it.
     *
     * @param store where it is kept
     * @param sender sends the answer where it does not come whole
     * @param ended hears of the end, whatever it is
     */
    ArrivingBody(
            AsyncContext async,
            ServletInputStream in,
            BodyStore store,
            Consumer<Reply> sender,
            Consumer<ArrivingBody> ended) {
        this.async = async;
        this.in = in;
        this.store = store;
        this.sender = sender;
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
            keep(block, count);
            if (skipped > MOST_SKIPPED) {
                onAllDataRead();
            }
        }
    }

    private void keep(byte[] block, int count) {
        var taken = (int) Math.min(count, store.most() - kept);
        try {
            store.out().write(block, 0, taken);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A body cannot be kept", e);
            giveUp(NO_ROOM);
        }
        kept += taken;
        skipped += count - taken;
    }

    @Override
    public synchronized void onAllDataRead() {
        if (!end()) {
            return;
        }
        try {
            async.getRequest().setAttribute(ArrivingBodies.ARRIVED, store.whole());
            async.dispatch();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A body cannot be kept", e);
            answer(NO_ROOM);
        }
    }

    private void giveUp(Reply reply) {
        if (end()) {
            answer(reply);
        }
    }

    /** Answers without it, on another thread. */
    void giveUpSoon() {
        if (end()) {
            async.start(() -> answer(LATE));
        }
    }

    private void answer(Reply reply) {
        sender.accept(reply);
        async.complete();
    }

    /** Whether it is awaited no more. */
    boolean isOver() {
        return isOver;
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        giveUp(LATE);
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

    /** The request was answered, whether or not it came so far. */
    @Override
    public void onComplete(AsyncEvent event) {
        end();
        try {
            store.drop();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "What was sent cannot be deleted", e);
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Whoever answers begins it again.
    }
}
