package dev.capstan.room.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.room.spi.RoomTransport.Handler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What one side of a channel heard. */
final class Heard implements Handler {
    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    @Override
    public void received(byte[] frame) {
        frames.add(frame);
    }

    @Override
    public void closed(String reason) {
        ends.add(reason);
    }

    byte[] next() throws InterruptedException {
        var frame = frames.poll(20, TimeUnit.SECONDS);
        assertThat(frame).as("a frame").isNotNull();
        return frame;
    }

    String end() throws InterruptedException {
        var reason = ends.poll(20, TimeUnit.SECONDS);
        assertThat(reason).as("the end").isNotNull();
        return reason;
    }
}
