package dev.capstan.room.websocket;

import dev.capstan.room.spi.RoomTransport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * The maker's side of a WebSocket: Jetty's. Called by Jetty's threads, one at a time, and only as
 * far as is asked for. Public since Jetty calls it by reflection.
 */
public final class MakerSocket implements Session.Listener, Wire {
    private final CompletableFuture<Session> opened = new CompletableFuture<>();
    private final SocketChannel channel;
    private final Consumer<SocketChannel> whenOpen;

    MakerSocket(Channels channels, String peer, Consumer<SocketChannel> whenOpen) {
        this.whenOpen = whenOpen;
        channel = channels.channel(this, peer);
    }

    private Session session() {
        return opened.join();
    }

    @Override
    public CompletableFuture<?> send(ByteBuffer part, boolean last) {
        return Callback.Completable.with(done -> session().sendPartialBinary(part, last, done));
    }

    @Override
    public void ping() {
        session().sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    @Override
    public void demand() {
        session().demand();
    }

    @Override
    public void close() {
        session().close(StatusCode.NORMAL, "", Callback.NOOP);
    }

    @Override
    public void cut() {
        session().disconnect();
    }

    @Override
    public void onWebSocketOpen(Session session) {
        // The length of a frame is judged before there is room made for it (X2).
        session.setAutoFragment(false);
        session.setMaxFrameSize(RoomTransport.MAX_FRAME);
        session.setMaxTextMessageSize(1);
        // Who is silent for long is seen by the channels.
        session.setIdleTimeout(Duration.ZERO);
        opened.complete(session);
        whenOpen.accept(channel);
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer part, boolean last, Callback callback) {
        var more = channel.part(part, last);
        callback.succeed();
        if (more) {
            demand();
        }
    }

    @Override
    public void onWebSocketText(String text) {
        channel.end("The other side sent a text");
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        channel.heard();
        demand();
    }

    @Override
    public void onWebSocketError(Throwable error) {
        channel.ended("The connection broke: " + error.getMessage());
    }

    @Override
    public void onWebSocketClose(int status, @Nullable String reason) {
        channel.ended(
                "The other side closed the connection"
                        + (status == StatusCode.NORMAL ? "" : " (" + status + " " + reason + ")"));
    }
}
