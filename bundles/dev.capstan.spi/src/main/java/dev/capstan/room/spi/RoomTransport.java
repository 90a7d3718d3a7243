package dev.capstan.room.spi;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries frames between the members of a room. Register it as a service with {@link #SCHEMES}. It
 * knows nothing of what it carries: who one is and what one may say is the room's business.
 *
 * <ul>
 *   <li><b>X1</b> Frames of one sender arrive whole, once, and in order.
 *   <li><b>X2</b> A frame longer than {@value #MAX_FRAME} bytes is refused before it is allocated,
 *       and its connection closed.
 *   <li><b>X3</b> {@link RoomChannel#send} blocks while the other side does not read.
 *   <li><b>X4</b> Closing is idempotent; what was sent before it arrives, and nothing more is
 *       delivered to whoever closed.
 *   <li><b>X5</b> The end of a connection is reported once, with a reason.
 *   <li><b>X6</b> A listener is gone within a second of its close.
 * </ul>
 */
@ConsumerType
public interface RoomTransport {

    /** Service property: the schemes of addresses it takes, String+. */
    String SCHEMES = "capstan.room.schemes";

    /** Most bytes of a frame: 1 MiB. */
    int MAX_FRAME = 1 << 20;

    /**
     * Opens a room as its maker.
     *
     * @param address what the room file names
     * @param acceptor is given each member's channel, on a thread of the transport
     * @return the listener, to be closed by the caller
     * @throws IOException if it cannot listen there
     */
    Closeable open(URI address, Acceptor acceptor) throws IOException;

    /**
     * Connects as a member; blocks for at most 10 s and is interruptible.
     *
     * @param address what the room file names
     * @param handler hears what arrives
     * @return the channel to the maker
     * @throws IOException if it cannot be reached
     * @throws InterruptedException if the thread was interrupted
     */
    RoomChannel connect(URI address, Handler handler) throws IOException, InterruptedException;

    /** Takes new channels; implemented by the room. */
    @FunctionalInterface
    interface Acceptor {

        /**
         * A member connected.
         *
         * @param channel to that member
         * @return what hears its frames
         */
        Handler accept(RoomChannel channel);
    }

    /** Hears one channel; implemented by the room; called by one thread at a time. */
    interface Handler {

        /**
         * A frame arrived. While this runs, no more is read from the channel.
         *
         * @param frame the whole frame
         */
        void received(byte[] frame);

        /**
         * The channel ended.
         *
         * @param reason why, in words
         */
        void closed(String reason);
    }
}
