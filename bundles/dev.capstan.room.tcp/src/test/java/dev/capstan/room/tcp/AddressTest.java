package dev.capstan.room.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.tck.room.Heard;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource({
        "tcp://ann@example.org:7000,     example.org:7000",
        "TCP://ann@127.0.0.1:1,          127.0.0.1:1",
        "tcp://a%20b%2Fc@[::1]:65535/,   [::1]:65535",
        "tcp://example.org:7000,         example.org:7000",
    })
    void whatAnAddressNames(String address, String where) throws IOException {
        assertThat(TcpAddress.of(URI.create(address))).hasToString(where);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://ann@example.org",
                "tcp://ann@example.org:0",
                "tcp://ann@example.org:65536",
                "tcp://ann@example.org:7000/rooms",
                "tcp://ann@example.org:7000?x",
                "tcp://ann@example.org:7000#x",
                "tcp://ann@:7000",
                "tcp:ann",
                "ws://ann@example.org:7000",
            })
    void othersAreRefusedWithTheFormThatIsMeant(String address) {
        assertThatThrownBy(() -> TcpAddress.of(URI.create(address)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tcp://USER@HOST:PORT");
    }

    @Test
    void roomsCanBeAtAddressesOfVersion6() throws Exception {
        var transport = new TcpTransport("");
        var heard = new Heard();
        var address = URI.create("tcp://ann@[::1]:" + TcpTransportTest.freePort());
        try (var room = transport.open(address, channel -> heard);
                var member = transport.connect(address, new Heard())) {
            member.send(new byte[] {6});

            assertThat(heard.next()).containsExactly(6);
            assertThat(member.peer()).contains("[0:0:0:0:0:0:0:1]");
        } finally {
            transport.stop();
        }
    }

    @Test
    void nobodyThereIsSaidInWords() throws Exception {
        var transport = new TcpTransport("");
        var address = "127.0.0.1:" + TcpTransportTest.freePort();

        assertThatThrownBy(() -> transport.connect(URI.create("tcp://ann@" + address), new Heard()))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("No room answers at " + address, "refused");
        transport.stop();
    }
}
