package dev.capstan.room.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoomAddressTest {

    @ParameterizedTest
    @CsvSource({
        "ws://ann@example.org:7000/rooms/a,     ws://example.org:7000/rooms/a",
        "WS://a%20b%2Fc@[::1]:65535/rooms/a%20b, ws://[::1]:65535/rooms/a%20b",
        "ws://127.0.0.1:1/rooms/a,              ws://127.0.0.1:1/rooms/a",
    })
    void whoMakesTheRoomIsNoBusinessOfTheNetworks(String address, String asked) throws Exception {
        assertThat(RoomAddress.of(URI.create(address)).request()).hasToString(asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://ann@example.org/rooms/a",
                "ws://ann@example.org:0/rooms/a",
                "ws://ann@example.org:65536/rooms/a",
                "ws://ann@example.org:7000",
                "ws://ann@example.org:7000/rooms/",
                "ws://ann@example.org:7000/rooms/a/b",
                "ws://ann@example.org:7000/api/a",
                "ws://ann@example.org:7000/rooms/a?x",
                "ws://ann@example.org:7000/rooms/a#x",
                "ws:ann",
                "wss://ann@example.org:7000/rooms/a",
            })
    void othersAreRefusedWithTheFormThatIsMeant(String address) {
        assertThatThrownBy(() -> RoomAddress.of(URI.create(address)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ws://USER@HOST:PORT/rooms/ROOMID");
    }
}
