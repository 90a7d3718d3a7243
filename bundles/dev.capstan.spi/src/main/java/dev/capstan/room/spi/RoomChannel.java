package dev.capstan.room.spi;

import java.io.Closeable;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** One side of a connection of a room. Safe for any number of threads. */
@ConsumerType
public interface RoomChannel extends Closeable {

    /**
     * Sends a frame; blocks while the other side does not read.
     *
     * @param frame at most {@value RoomTransport#MAX_FRAME} bytes
     * @throws IOException if the channel has ended
     * @throws InterruptedException if the thread was interrupted; the channel is closed then
     */
    void send(byte[] frame) throws IOException, InterruptedException;

    /**
     * Who is on the other side, for people: an address.
     *
     * @return never empty
     */
    String peer();

    @Override
    void close();
}
