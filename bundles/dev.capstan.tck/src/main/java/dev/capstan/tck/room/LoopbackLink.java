package dev.capstan.tck.room;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A connection of two sides. One monitor guards both queues and the end; no handler is called under
 * it.
 */
final class LoopbackLink {
    /** Frames that are on their way to one side; the next sender waits. */
    private static final int MOST_UNDERWAY = 16;

    private final Object monitor = new Object();
    private final Queue<byte[]> toMaker = new ArrayDeque<>();
    private final Queue<byte[]> toMember = new ArrayDeque<>();
    private final Side maker;
    private final Side member;
    private Runnable whenEnded = () -> {};
    private @Nullable String end;

    LoopbackLink(String name) {
        maker = new Side(name, toMaker, toMember);
        member = new Side(name, toMember, toMaker);
    }

    /** Before anybody can end it. */
    void whenEnded(Runnable action) {
        whenEnded = action;
    }

    Side maker() {
        return maker;
    }

    Side member() {
        return member;
    }

    private String reason() {
        synchronized (monitor) {
            return String.valueOf(end);
        }
    }

    private void end(String reason) {
        synchronized (monitor) {
            if (end != null) {
                return;
            }
            end = reason;
            monitor.notifyAll();
        }
        whenEnded.run();
    }

    /** What one side sees of it. */
    final class Side implements RoomChannel {
        private final String name;
        private final Queue<byte[]> arriving;
        private final Queue<byte[]> leaving;

        Side(String name, Queue<byte[]> arriving, Queue<byte[]> leaving) {
            this.name = name;
            this.arriving = arriving;
            this.leaving = leaving;
        }

        @Override
        public void send(byte[] frame) throws IOException, InterruptedException {
            if (frame.length > RoomTransport.MAX_FRAME) {
                end("A frame of " + frame.length + " bytes is too long");
                throw new IOException("A frame has at most " + RoomTransport.MAX_FRAME + " bytes");
            }
            try {
                put(frame.clone());
            } catch (InterruptedException e) {
                end("A sender was interrupted");
                throw e;
            }
        }

        private void put(byte[] frame) throws IOException, InterruptedException {
            synchronized (monitor) {
                while (end == null && leaving.size() >= MOST_UNDERWAY) {
                    monitor.wait();
                }
                if (end != null) {
                    throw new IOException("The channel has ended: " + end);
                }
                leaving.add(frame);
                monitor.notifyAll();
            }
        }

        /** What was sent before the end still arrives, but for whoever closed. */
        private byte @Nullable [] take() throws InterruptedException {
            synchronized (monitor) {
                while (end == null && arriving.isEmpty()) {
                    monitor.wait();
                }
                monitor.notifyAll();
                return arriving.poll();
            }
        }

        void hear(Handler handler) {
            var thread = new Thread(() -> deliver(handler), "capstan-tck-" + name);
            thread.setDaemon(true);
            thread.start();
        }

        private void deliver(Handler handler) {
            try {
                for (var frame = take(); frame != null; frame = take()) {
                    handler.received(frame);
                }
            } catch (RuntimeException | InterruptedException e) {
                end("The handler failed: " + e);
            }
            handler.closed(reason());
        }

        @Override
        public String peer() {
            return name;
        }

        void close(String reason) {
            end(reason);
            synchronized (monitor) {
                arriving.clear();
            }
        }

        @Override
        public void close() {
            close("Closed");
        }
    }
}
