package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room;
import dev.capstan.room.RoomDraft;
import dev.capstan.room.Rooms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.test.common.annotation.InjectService;

/** A room of one over TCP in a real framework, from its documents until it is left. */
@DisplayName("R3, R8 Rooms in a framework")
class RoomsTest {
    private static final long MOST_MILLIS = 30_000;

    private static final String LOCK =
            """
            {"version": 1, "engine": {"name": "Fighter", "version": "1"},
             "pieceCollections": {"base": {"selection": "mandatory", "pieces": [
               {"id": "core", "resolvables": ["https://never.invalid/core.zip"]}]}}}
            """;

    @TempDir Path temp;

    @Test
    @DisplayName("R3, R8: a file is made and signed, its maker opens the room, and leaves it")
    void roomOfOne(@InjectService(timeout = MOST_MILLIS) Rooms rooms) throws Exception {
        var draft =
                new RoomDraft(
                        "itest",
                        LOCK,
                        false,
                        Map.of("ann", rooms.identity("ann")),
                        URI.create("tcp://ann@127.0.0.1:" + freePort()),
                        null,
                        Duration.ofHours(1));
        var file = rooms.sign(rooms.create(draft), "ann");

        var joined = rooms.join(JoinRequest.of(file, "ann").folder(temp.resolve("pieces")));
        Awaits.until("ann is in", joined::isDone);

        assertThat(joined.getFailure()).isNull();
        assertThat(rooms.get("itest").map(Room::state)).contains(Room.State.OPEN);
        assertThat(rooms.leave("itest").getValue().state()).isEqualTo(Room.State.CLOSED);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
