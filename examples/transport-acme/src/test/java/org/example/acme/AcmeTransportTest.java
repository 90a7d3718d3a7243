package org.example.acme;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.room.spi.RoomTransport;
import dev.capstan.tck.room.RoomTransportContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clauses of the contract, and what is this transport's own. */
class AcmeTransportTest extends RoomTransportContract {
    @TempDir Path folder;

    private final AcmeTransport maker = new AcmeTransport();
    private final AcmeTransport member = new AcmeTransport();

    @AfterEach
    void stop() throws IOException {
        maker.stop();
        member.stop();
    }

    @Test
    void anAddressWithoutAPathIsRefused() {
        var address = URI.create("acme://ann");

        var error = assertThrows(IOException.class, () -> maker.open(address, channel -> null));

        assertTrue(error.getMessage().contains("acme://USER/PATH"), error.getMessage());
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
        return URI.create("acme://ann" + folder.resolve("room").toUri().getRawPath());
    }
}
