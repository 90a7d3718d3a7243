package dev.capstan.transfer.http.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("12: what proxies are told, byte for byte")
class TunnelTest {
    private static final String GRANTED = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n";
    private static final String DONE = "\5\0\5\0\0\1\0\0\0\0\0\0";

    @Test
    void anAddressGoesInDigitsThoughItsNameIsKnown() throws Exception {
        var to = InetAddress.getByAddress("host.test", new byte[] {(byte) 192, 0, 2, 1});

        assertThat(told("http://p", to, GRANTED))
                .isEqualTo("CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n\r\n");
        assertThat(told("socks5://p", to, DONE))
                .isEqualTo("\5\1\0" + "\5\1\0\1\u00c0\0\2\1\1\u00bb");
    }

    @Test
    void soDoesALongOne() throws Exception {
        var raw = InetAddress.getByName("fd00::1").getAddress();
        var to = InetAddress.getByAddress("host.test", raw);

        assertThat(told("http://u:p@p", to, GRANTED))
                .startsWith("CONNECT [fd00:0:0:0:0:0:0:1]:443 HTTP/1.1\r\n")
                .endsWith("Proxy-Authorization: Basic dTpw\r\n\r\n");
        assertThat(told("socks5://u:p@p", to, "\5\2\1\0\5\0\0\4" + "\0".repeat(18)))
                .isEqualTo(
                        "\5\2\0\2"
                                + "\1\1u\1p"
                                + "\5\1\0\4\u00fd"
                                + "\0".repeat(14)
                                + "\1\1\u00bb");
    }

    @Test
    void aNameGoesOnlyWhereThereIsNoAddress() throws Exception {
        var to = InetSocketAddress.createUnresolved("inner.test", 443);

        assertThat(told("http://p", to, GRANTED)).startsWith("CONNECT inner.test:443 HTTP/1.1\r\n");
        assertThat(told("socks5h://p", to, "\5\0\5\0\0\3\1x\0\0"))
                .isEqualTo("\5\1\0" + "\5\1\0\3\12inner.test\1\u00bb");
    }

    private static String told(String proxy, InetAddress to, String answer) throws Exception {
        return told(proxy, new InetSocketAddress(to, 443), answer);
    }

    /** What is sent; the answer must be read to its end and no further. */
    private static String told(String url, InetSocketAddress to, String answer) throws Exception {
        var proxy = Proxy.parse(url);
        var route = new Route(Target.of(URI.create("https://host.test/")), proxy, null);
        var in = new ByteArrayInputStream(answer.getBytes(ISO_8859_1));
        var out = new ByteArrayOutputStream();
        new Tunnel(route, proxy, in, out).open(to);
        assertThat(in.available()).isZero();
        return out.toString(ISO_8859_1);
    }
}
