package dev.capstan.room.provider.protocol;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A member's way to the maker that a test cuts, and whose traffic it looks at. */
class CutTransport implements RoomTransport {
    final List<byte[]> sent = new CopyOnWriteArrayList<>();
    final List<byte[]> received = new CopyOnWriteArrayList<>();
    private final RoomTransport way;
    private final List<RoomChannel> channels = new CopyOnWriteArrayList<>();
    private final List<Handler> listening = new CopyOnWriteArrayList<>();
    private volatile boolean isCut;
    private boolean isClogged;

    /** What the member sends is lost on its way. */
    volatile boolean isLossy;

    CutTransport(RoomTransport way) {
        this.way = way;
    }

    void cut() {
        isCut = true;
        channels.forEach(RoomChannel::close);
    }

    /** Says to the member what the maker did not say. */
    void deliver(byte[] frame) {
        listening.forEach(handler -> handler.received(frame));
    }

    /** The maker takes nothing for a while, so that whoever says something waits. */
    synchronized void clog(boolean isClogged) {
        this.isClogged = isClogged;
        notifyAll();
    }

    private synchronized void awaitFree() throws InterruptedException {
        while (isClogged) {
            wait();
        }
    }

    void mend() {
        isCut = false;
    }

    @Override
    public Closeable open(URI address, Acceptor acceptor) throws IOException {
        return way.open(address, acceptor);
    }

    @Override
    public RoomChannel connect(URI address, Handler handler)
            throws IOException, InterruptedException {
        if (isCut) {
            throw new IOException("The line is cut");
        }
        listening.add(handler);
        var channel = way.connect(address, new Overheard(handler));
        channels.add(channel);
        return new Tapped(channel);
    }

    private final class Overheard implements Handler {
        private final Handler handler;

        Overheard(Handler handler) {
            this.handler = handler;
        }

        @Override
        public void received(byte[] frame) {
            received.add(frame.clone());
            handler.received(frame);
        }

        @Override
        public void closed(String reason) {
            handler.closed(reason);
        }
    }

    private final class Tapped implements RoomChannel {
        private final RoomChannel channel;

        Tapped(RoomChannel channel) {
            this.channel = channel;
        }

        @Override
        public void send(byte[] frame) throws IOException, InterruptedException {
            sent.add(frame.clone());
            awaitFree();
            if (!isLossy) {
                channel.send(frame);
            }
        }

        @Override
        public String peer() {
            return channel.peer();
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
