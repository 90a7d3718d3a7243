package dev.capstan.room.tcp;

import dev.capstan.room.spi.RoomTransport;
import dev.capstan.tck.room.RoomTransportContract;
import java.io.IOException;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;

@DisplayName("X1–X6: lan")
class LanTransportTest extends RoomTransportContract {
    private final Lan lan = new Lan();
    private final LanTransport maker = lan.transport();
    private final LanTransport member = lan.transport();
    private final URI address = URI.create("lan://" + UUID.randomUUID());

    @AfterEach
    void stop() throws IOException {
        maker.stop();
        member.stop();
    }

    @Override
    protected RoomTransport maker() {
        return maker;
    }

    @Override
    protected RoomTransport member() {
        return member;
    }

    @Override
    protected URI address() {
        return address;
    }
}
