package dev.capstan.tck.room;

import dev.capstan.room.spi.RoomTransport;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;

@DisplayName("X1–X6: loopback transport")
class LoopbackTransportTest extends RoomTransportContract {
    private final LoopbackTransport transport = new LoopbackTransport();

    @Override
    protected RoomTransport maker() {
        return transport;
    }

    @Override
    protected RoomTransport member() {
        return transport;
    }

    @Override
    protected URI address() {
        return URI.create("loopback:room");
    }
}
