package dev.capstan.admin.shell.call;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * An input that another thread fills. Unlike a system stream, reading it ends when the thread is
 * interrupted. Holds a few blocks; whoever fills it waits for room.
 *
 * <p>One thread fills, one reads.
 */
public final class InputPipe extends InputStream {
    private static final int MOST_BLOCKS = 16;
    private static final int BLOCK = 1 << 16;

    private final ArrayDeque<byte[]> blocks = new ArrayDeque<>();
    private byte[] block = {};
    private int position;
    private boolean ended;

    /** A pipe that is filled from a stream, by a thread of its own that does not keep a process. */
    public static InputPipe from(InputStream source, String threadName) {
        var pipe = new InputPipe();
        var thread = new Thread(() -> pipe.fill(source), threadName);
        thread.setDaemon(true);
        thread.start();
        return pipe;
    }

    /** Adds bytes, which the pipe keeps; none are the end of the input. */
    public synchronized void put(byte[] bytes) throws InterruptedException {
        while (blocks.size() >= MOST_BLOCKS && !ended) {
            wait();
        }
        if (bytes.length == 0) {
            ended = true;
        } else if (!ended) {
            blocks.add(bytes);
        }
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == block.length && !next()) {
            return -1;
        }
        var count = Math.min(length, block.length - position);
        System.arraycopy(block, position, target, offset, count);
        position += count;
        return count;
    }

    /** Ends the input; what still waits to fill it goes on and is dropped. */
    @Override
    public synchronized void close() {
        ended = true;
        blocks.clear();
        notifyAll();
    }

    private boolean next() throws InterruptedIOException {
        try {
            while (blocks.isEmpty() && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while reading standard input");
        }
        var next = blocks.poll();
        notifyAll();
        block = next == null ? new byte[0] : next;
        position = 0;
        return next != null;
    }

    private void fill(InputStream source) {
        var buffer = new byte[BLOCK];
        try {
            for (int count; (count = source.read(buffer)) > 0; ) {
                put(Arrays.copyOf(buffer, count));
            }
            put(new byte[0]);
        } catch (IOException | InterruptedException e) {
            close(); // what cannot be read to its end must not be taken for whole
        }
    }
}
