package dev.capstan.download.provider;

import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.Ingest.Readers;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.Arrival;
import dev.capstan.download.Metrics;
import dev.capstan.download.provider.Flights.Flight;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the moving numbers of one run from the ingest its bytes go to (Q4). Safe for any thread;
 * its lock makes sure that an ingest is not looked at once it is closed.
 */
final class Gauge {
    private SpeedMeter speed = new SpeedMeter();
    private @Nullable Ingest ingest;
    private @Nullable Flight flight;

    /** Looks at bytes that arrive. */
    synchronized void watch(Ingest from, Flight with) {
        ingest = from;
        flight = with;
        speed = new SpeedMeter();
    }

    /** Looks away, before the ingest is closed. */
    synchronized void rest() {
        ingest = null;
        flight = null;
    }

    /** The numbers now; the given ones where nothing moves. */
    synchronized Metrics read(Metrics atRest) {
        if (ingest == null) {
            return atRest;
        }
        var length = ingest.identity().length();
        var running = transfer();
        return new Metrics(
                length >= 0 ? length : atRest.size(),
                ingest.downloaded(),
                speed.bytesPerSecond(),
                running == null ? 0 : running.connections());
    }

    /** Takes a sample; tells whether the bytes moved since the last one. */
    synchronized boolean sample(long nanos) {
        return ingest != null && speed.sample(ingest.downloaded(), nanos);
    }

    /** The transfer that moves the bytes, or null while none does. */
    synchronized @Nullable Transfer transfer() {
        return flight == null ? null : flight.transfer();
    }

    /** Which bytes are here and asked for, or null where none arrive. */
    synchronized @Nullable Arrival arrival() {
        return ingest == null
                ? null
                : new Arrival(parts(ingest.present()), parts(ingest.demands()));
    }

    static List<Arrival.Part> parts(RangeSet set) {
        return set.ranges().stream()
                .map(range -> new Arrival.Part(range.from(), range.to()))
                .toList();
    }

    /** Who reads the bytes, or null where none arrive. */
    synchronized @Nullable Readers readers() {
        return ingest == null ? null : ingest.readers();
    }

    /** Tells whether the source has said what the bytes are that arrive. */
    synchronized boolean isAnswered() {
        return flight != null && flight.answer() != null;
    }

    /** Tells whether an engine moves the bytes. */
    synchronized boolean isMovedBy(TransferEngine engine) {
        return flight != null && flight.isFlownBy(engine);
    }
}
