package dev.capstan.download.provider;

import dev.capstan.content.Content;
import dev.capstan.content.SourceKey;
import dev.capstan.download.Trust;
import dev.capstan.transfer.spi.Answer;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Lets downloads of one source share one transfer (Q9, P8). They board a flight; one of them is its
 * pilot and moves the bytes, the others wait. When the pilot leaves before the end, the next one
 * flies on from the same byte, with links of its own; when the bytes have landed, all have them.
 *
 * <p>Safe for any thread.
 */
final class Flights {
    private final Map<SourceKey, Flight> flights = new HashMap<>();

    synchronized Flight board(SourceKey key) {
        var flight = flights.computeIfAbsent(key, any -> new Flight());
        flight.aboard++;
        return flight;
    }

    synchronized void leave(SourceKey key, Flight flight) {
        if (--flight.aboard == 0) {
            flights.remove(key);
        }
    }

    /** One source's bytes on their way. */
    static final class Flight {
        private int aboard;
        private final Semaphore seat = new Semaphore(1, true);
        private volatile @Nullable TransferEngine engine;
        private volatile @Nullable Transfer transfer;
        private volatile @Nullable Answer answer;
        private volatile @Nullable Landing landing;

        private Flight() {}

        /** Becomes the pilot, if nobody is. */
        boolean tryTakeSeat() {
            return seat.tryAcquire();
        }

        /** Waits to become the pilot. */
        void takeSeat() throws InterruptedException {
            seat.acquire();
        }

        void leaveSeat() {
            seat.release();
        }

        /** The pilot moves bytes. */
        void takeOff(TransferEngine with, Transfer running) {
            engine = with;
            transfer = running;
        }

        void touchDown() {
            transfer = null;
            engine = null;
        }

        boolean isFlownBy(TransferEngine other) {
            return engine == other;
        }

        /** The pilot's transfer, or null between two. */
        @Nullable Transfer transfer() {
            return transfer;
        }

        /** What the source said. */
        void heard(Answer said) {
            answer = said;
        }

        @Nullable Answer answer() {
            return answer;
        }

        /** The bytes are content now. */
        void landed(Content content, Trust trust) {
            landing = new Landing(content, trust);
        }

        /**
         * The content, if it has landed under a trust that reaches no further than this one: else
         * the source must be asked in the own name.
         */
        @Nullable Content landed(Trust trust) {
            var there = landing;
            return there != null && (trust == Trust.OPERATOR || there.trust == Trust.NETWORK)
                    ? there.content
                    : null;
        }

        private record Landing(Content content, Trust trust) {}
    }
}
