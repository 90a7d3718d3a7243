package dev.capstan.admin.rest.events;

import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of Jetty's. It takes a message from its client only when the one before was heard.
 *
 * <p>Messages are handed over as the bytes that all clients share: {@link Session} would take texts
 * only, and encode each again for each client.
 *
 * <p>Called by Jetty's threads and by the hub's. Public since Jetty calls it by reflection.
 */
public final class EventSocket implements Session.Listener, Wire {
    private static final int CANNOT_ACCEPT = 1003;

    private final EventHub hub;
    private final BooleanSupplier mayListen;
    private volatile @Nullable Session session;

    /**
     * A socket of somebody who was let in.
     *
     * @param mayListen whether that would happen again
     */
    EventSocket(EventHub hub, BooleanSupplier mayListen) {
        this.hub = hub;
        this.mayListen = mayListen;
    }

    @Override
    public boolean mayListen() {
        return mayListen.getAsBoolean();
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        hub.join(this);
        opened.demand();
    }

    @Override
    public void onWebSocketText(String text) {
        hub.heard(this, text);
    }

    @Override
    public void onWebSocketBinary(
            ByteBuffer payload, org.eclipse.jetty.websocket.api.Callback callback) {
        callback.succeed();
        close(CANNOT_ACCEPT, "Messages are JSON, so they are texts.");
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        hub.heard(this);
        demand();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // A client that breaks off is nothing that anybody has to know; its close follows.
        hub.leave(this);
    }

    @Override
    public void onWebSocketClose(int code, String why) {
        hub.leave(this);
    }

    @Override
    public void send(ByteBuffer utf8, Runnable done) {
        if (session instanceof WebSocketSession open) {
            CoreSession core = open.getCoreSession();
            core.sendFrame(
                    new Frame(OpCode.TEXT, utf8), Callback.from(done, failure -> abort()), false);
        }
    }

    @Override
    public void ping() {
        var open = session;
        if (open != null) {
            open.sendPing(ByteBuffer.allocate(0), org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }

    @Override
    public void demand() {
        var open = session;
        if (open != null && open.isOpen()) {
            open.demand();
        }
    }

    @Override
    public void close(int code, String why) {
        var open = session;
        if (open != null) {
            open.close(code, why, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
    }

    @Override
    public void abort() {
        var open = session;
        if (open != null) {
            open.disconnect();
        }
        hub.leave(this);
    }
}
