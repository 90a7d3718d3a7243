package dev.capstan.room.provider.protocol;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A member's long way to the maker: each frame takes its time, in either direction. */
final class SlowTransport implements RoomTransport, AutoCloseable {
    private final RoomTransport way;
    private final Duration delay;
    private final List<byte[]> frames = new CopyOnWriteArrayList<>();
    private final List<RoomChannel> channels = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService there = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService back = Executors.newSingleThreadScheduledExecutor();

    SlowTransport(RoomTransport way, Duration delay) {
        this.way = way;
        this.delay = delay;
    }

    /** How many frames of such types went either way. */
    long count(String... types) {
        return frames.stream().filter(frame -> List.of(types).contains(type(frame))).count();
    }

    private static String type(byte[] frame) {
        try {
            return Envelope.of(frame).header().type();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Closeable open(URI address, Acceptor acceptor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RoomChannel connect(URI address, Handler handler)
            throws IOException, InterruptedException {
        var channel = way.connect(address, new Later(handler));
        channels.add(channel);
        return new Far(channel);
    }

    /** The host falls from the world, without a word. */
    @Override
    public void close() {
        there.shutdownNow();
        back.shutdownNow();
        channels.forEach(RoomChannel::close);
    }

    private void later(ScheduledExecutorService direction, Runnable arrival) {
        try {
            direction.schedule(arrival, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The host is gone.
        }
    }

    private final class Later implements Handler {
        private final Handler handler;

        Later(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void received(byte[] frame) {
            frames.add(frame.clone());
            later(back, () -> handler.received(frame));
        }

        @Override
        public void closed(String reason) {
            later(back, () -> handler.closed(reason));
        }
    }

    private final class Far implements RoomChannel {
        private final RoomChannel channel;

        Far(RoomChannel channel) {
            this.channel = channel;
        }

        @Override
        public void send(byte[] frame) {
            var sent = frame.clone();
            frames.add(sent);
            later(
                    there,
                    () -> {
                        try {
                            channel.send(sent);
                        } catch (IOException | InterruptedException e) {
                            channel.close();
                        }
                    });
        }

        @Override
        public String peer() {
            return channel.peer();
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
