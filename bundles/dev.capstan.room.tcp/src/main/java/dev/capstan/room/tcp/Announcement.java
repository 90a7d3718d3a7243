package dev.capstan.room.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Says once a second where a room is, until it is closed. It hears nothing, so nobody can ask it
 * for anything.
 *
 * <p>One thread of its own; closed by any.
 */
final class Announcement implements Closeable {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Multicast multicast;
    private final Beacon beacon;
    private final DatagramChannel socket;
    private final CountDownLatch closed = new CountDownLatch(1);

    Announcement(Multicast multicast, Beacon beacon) throws IOException {
        this.multicast = multicast;
        this.beacon = beacon;
        socket = multicast.sender();
        var thread = new Thread(this::run, "capstan-room-lan-beacon");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try (socket) {
            do {
                announce();
            } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (IOException e) {
            // What cannot be closed is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Interfaces are looked up each time: networks come and go. */
    private void announce() {
        try {
            for (var each : multicast.interfaces()) {
                announce(each);
            }
        } catch (SocketException e) {
            // Nobody can hear it now; the next time is soon.
        }
    }

    private void announce(NetworkInterface each) {
        try {
            socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, each);
            socket.send(beacon.datagram(), multicast.group());
        } catch (IOException e) {
            // This interface carries none; another may.
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
