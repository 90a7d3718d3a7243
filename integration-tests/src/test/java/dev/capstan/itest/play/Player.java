package dev.capstan.itest.play;

import java.io.IOException;

/** A program that plays. */
interface Player extends AutoCloseable {

    /** Where it is, in seconds; −1 while it plays nothing. */
    double position() throws IOException, InterruptedException;

    void seek(double seconds) throws IOException, InterruptedException;

    boolean runs();

    @Override
    void close();
}
