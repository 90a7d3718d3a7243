package dev.capstan.transfer.http.move;

import dev.capstan.transfer.http.wire.Cancellation;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The limits that the bytes of one connection pass: the download's own, its host's and that of all.
 * Every one of them counts every byte, and the slowest decides.
 *
 * @param own the download's
 * @param shared what downloads share
 * @param host the host's name
 */
record Toll(Limiter own, Limits shared, String host) {
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(50);

    /** How much may be read at once without being felt as a jerk. */
    int block(int most) {
        var ofHost = shared.host(host);
        var block = shared.all().block(own.block(most));
        return ofHost == null ? block : ofHost.block(block);
    }

    /** Pays for bytes that were read, and waits until they are paid for or it is cancelled. */
    void pay(int bytes, Cancellation cancellation) throws InterruptedException {
        var bill = bill(bytes);
        for (var wait = bill.getAsLong(); wait > 0; wait = bill.getAsLong()) {
            // In short pieces, because a rate may be raised meanwhile.
            if (!cancellation.sleep(Math.min(wait, LONGEST_WAIT))) {
                return;
            }
        }
    }

    /** Counts bytes that were read; gives what tells how long they are still to be paid for. */
    LongSupplier bill(int bytes) {
        var all = shared.all();
        var ofHost = shared.host(host);
        var ownMark = own.count(bytes);
        var allMark = all.count(bytes);
        var hostMark = ofHost == null ? 0 : ofHost.count(bytes);
        return () -> {
            var wait = Math.max(own.until(ownMark), all.until(allMark));
            return ofHost == null ? wait : Math.max(wait, ofHost.until(hostMark));
        };
    }
}
