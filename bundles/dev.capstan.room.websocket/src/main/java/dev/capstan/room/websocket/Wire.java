package dev.capstan.room.websocket;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** One WebSocket, whoever's library it is. None of it blocks. */
interface Wire {

    /**
     * Sends a part of a message; one at a time.
     *
     * @return done when the network has taken it
     */
    CompletableFuture<?> send(ByteBuffer part, boolean last);

    /** Asks the other side whether it is there; also while a part is on its way. */
    void ping();

    /** Takes one part more from the network. */
    void demand();

    /** Says that nothing follows. */
    void close();

    /** Ends it at once. */
    void cut();
}
