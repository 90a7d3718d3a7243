package dev.capstan.tck;

import java.io.IOException;

/** Answers requests for one path of an {@link Origin}, on a thread for each connection. */
@FunctionalInterface
public interface Handler {

    /**
     * Answers one request. What it leaves unfinished ends the connection.
     *
     * @param exchange the request and the way to answer it
     * @throws IOException if the peer is gone, or to end the connection
     */
    void handle(Exchange exchange) throws IOException;
}
