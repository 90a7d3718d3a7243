package dev.capstan.transfer.http.move;

import dev.capstan.download.DownloadException;
import dev.capstan.transfer.http.wire.Caller;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Connections that are made before it is known whether they pay, so that those that are then tried
 * need no handshake. Nothing is asked over them. A server that refused one is not bothered again.
 * Used by the coordinator only.
 */
final class Ahead {
    private final Executor executor;
    private final Caller caller;
    private final Consumer<Event> told;
    private final String name;
    private int making;
    private boolean refused;

    /** The end of making one. */
    record Made(boolean refused) implements Event {}

    /**
     * None yet.
     *
     * @param told learns when one was made, or was not
     * @param name of the threads that make them
     */
    Ahead(Executor executor, Caller caller, Consumer<Event> told, String name) {
        this.executor = executor;
        this.caller = caller;
        this.told = told;
        this.name = name;
    }

    /** Makes connections to a source until so many of them wait there. */
    void make(Source source, int wanted) {
        for (var i = making + source.waiting(caller); i < wanted && !refused; i++) {
            making++;
            executor.execute(
                    () -> {
                        Thread.currentThread().setName(name);
                        told.accept(new Made(!connect(source)));
                    });
        }
    }

    private boolean connect(Source source) {
        try {
            source.connect(caller);
            return true;
        } catch (DownloadException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void learn(Made one) {
        making--;
        refused |= one.refused;
    }

    /** Makes no more: not all goes well there. */
    void stop() {
        refused = true;
    }

    /** Whether some are being made. */
    boolean isBusy() {
        return making > 0;
    }
}
