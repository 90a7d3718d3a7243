package dev.capstan.room.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens for the beacon of one room. For one thread. */
final class Search implements Closeable {
    private final Multicast multicast;
    private final byte[] digest;
    private final DatagramChannel socket;
    private final Selector selector;
    private final List<String> heardAt = new ArrayList<>();
    private int others;

    Search(Multicast multicast, byte[] digest) throws IOException {
        this.multicast = multicast;
        this.digest = digest;
        socket = multicast.receiver();
        try {
            for (var each : multicast.interfaces()) {
                join(each);
            }
            selector = Selector.open();
            socket.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void join(NetworkInterface each) {
        try {
            var unused = socket.join(multicast.group().getAddress(), each);
            heardAt.add(each.getName());
        } catch (IOException | IllegalArgumentException e) {
            // This interface carries none; another may.
        }
    }

    /**
     * Waits for the next beacon of the room.
     *
     * @param passedOver where nobody wants to be sent again
     * @param within nanoseconds
     * @return where the room is, or empty if none was heard in time
     */
    Optional<InetSocketAddress> next(Set<InetSocketAddress> passedOver, long within)
            throws IOException, InterruptedException {
        // A datagram longer than a beacon is cut to more than one.
        var datagram = ByteBuffer.allocate(Beacon.LENGTH + 1);
        var end = System.nanoTime() + within;
        for (var left = within; left > 0; left = end - System.nanoTime()) {
            var from = receive(datagram);
            if (from == null) {
                selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                selector.selectedKeys().clear();
            } else {
                var room = room(from, datagram.flip());
                if (room.isPresent() && !passedOver.contains(room.get())) {
                    return room;
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return Optional.empty();
    }

    private Optional<InetSocketAddress> room(InetSocketAddress from, ByteBuffer datagram) {
        var beacon = Beacon.of(datagram);
        if (beacon.isPresent() && beacon.get().isOf(digest)) {
            return Optional.of(new InetSocketAddress(from.getAddress(), beacon.get().port()));
        }
        others++;
        return Optional.empty();
    }

    private @Nullable InetSocketAddress receive(ByteBuffer datagram) throws IOException {
        return (InetSocketAddress) socket.receive(datagram.clear());
    }

    /** What was done, for people. */
    @Override
    public String toString() {
        return multicast
                + (heardAt.isEmpty()
                        ? ", which no interface of this machine carries"
                        : ", listening at " + String.join(", ", heardAt))
                + (others == 0 ? "" : "; " + others + " datagrams were of others");
    }

    @Override
    public void close() throws IOException {
        selector.close();
        socket.close();
    }
}
