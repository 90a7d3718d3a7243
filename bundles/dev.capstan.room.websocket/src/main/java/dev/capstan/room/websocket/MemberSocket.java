package dev.capstan.room.websocket;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The member's side of a WebSocket: the JDK's. Called by the client's threads, one at a time, and
 * only as far as is asked for.
 */
final class MemberSocket implements Wire, WebSocket.Listener {
    private static final int NORMAL = 1000;

    private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    private final SocketChannel channel;

    MemberSocket(Channels channels, String peer) {
        channel = channels.channel(this, peer);
    }

    SocketChannel channel() {
        return channel;
    }

    /** It is open; nothing was asked for before. */
    void opened(WebSocket socket) {
        opened.complete(socket);
    }

    private WebSocket socket() {
        return opened.join();
    }

    @Override
    public CompletableFuture<?> send(ByteBuffer part, boolean last) {
        return socket().sendBinary(part, last);
    }

    @Override
    public void ping() {
        // One that is still on its way does as well.
        var unused = socket().sendPing(ByteBuffer.allocate(0));
    }

    @Override
    public void demand() {
        socket().request(1);
    }

    @Override
    public void close() {
        var unused = socket().sendClose(NORMAL, "");
    }

    @Override
    public void cut() {
        socket().abort();
    }

    /** Asks for nothing yet, as the default would. */
    @Override
    public void onOpen(WebSocket socket) {}

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
        if (channel.part(part, last)) {
            socket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
        channel.end("The other side sent a text");
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
        return onPong(socket, message);
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
        channel.heard();
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
        channel.ended(
                "The other side closed the connection"
                        + (status == NORMAL ? "" : " (" + status + " " + reason + ")"));
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        channel.ended("The connection broke: " + error.getMessage());
    }
}
