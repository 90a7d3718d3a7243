package dev.capstan.admin.rest.events;

import java.nio.ByteBuffer;

/** A client's connection. Every call returns at once. */
interface Wire {

    /**
     * Sends one text message. Never called again before it has called back.
     *
     * @param done called once it was taken by the network, from any thread; never if it fails
     */
    void send(ByteBuffer utf8, Runnable done);

    /** Whether whoever is there may still listen. */
    boolean mayListen();

    /** Asks whether anybody is there. */
    void ping();

    /** Takes the next message of the client. */
    void demand();

    /** Says good-bye, behind what is being sent. */
    void close(int code, String why);

    /** Ends it without a word. */
    void abort();
}
