package dev.capstan.transfer.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("S1, S2: addresses and how they are written")
class AddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.1.2.3",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::8.8.8.8",
                "::ffff:0:127.0.0.1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2002:a00:1::",
                "2001::1",
                "2001:db8::1",
                "2a00::5efe:7f00:1",
                "100::1",
                "3fff::1"
            })
    void theseAreNotPublic(String address) throws Exception {
        assertThat(Addresses.isPrivate(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "126.1.1.1",
                "128.0.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "192.167.1.1",
                "192.169.1.1",
                "198.17.1.1",
                "198.20.1.1",
                "223.255.255.254",
                "2606:4700::1111",
                "2a00:1450::8a",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "::ffff:8.8.8.8"
            })
    void theseArePublic(String address) throws Exception {
        assertThat(Addresses.isPrivate(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.1, 127.0.0.1",
        "127.0.1, 127.0.0.1",
        "2130706433, 127.0.0.1",
        "0x7f.1, 127.0.0.1",
        "0X7F000001, 127.0.0.1",
        "0177.0.0.1, 127.0.0.1",
        "017700000001, 127.0.0.1",
        "0x7f.0.0x0.01, 127.0.0.1",
        "0, 0.0.0.0",
        "10.257, 10.0.1.1",
        "255.255.255.255, 255.255.255.255",
        "4294967295, 255.255.255.255"
    })
    void numbersAreSeenForWhatTheyAre(String host, String address) throws Exception {
        assertThat(Addresses.parse4(host)).isEqualTo(InetAddress.getByName(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.256",
                "4294967296",
                "09.1.1.1",
                "a.b.1",
                "1..1"
            })
    void whatEndsLikeAnAddressAndIsNoneIsRefused(String host) {
        assertThatThrownBy(() -> Addresses.parse4(host)).isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "1.example", "0x7f.org", "a1", "xn--1"})
    void namesAreNames(String host) throws Exception {
        assertThat(Addresses.parse4(host)).isNull();
    }

    @Property
    void everyNumberMeansTheAddressOfItsBits(@ForAll int bits) throws Exception {
        var number = Integer.toUnsignedLong(bits);
        var address =
                InetAddress.getByAddress(
                        new byte[] {
                            (byte) (bits >> 24),
                            (byte) (bits >> 16),
                            (byte) (bits >> 8),
                            (byte) bits
                        });

        assertThat(Addresses.parse4(Long.toString(number))).isEqualTo(address);
        assertThat(Addresses.parse4("0x" + Long.toHexString(number))).isEqualTo(address);
        assertThat(Addresses.parse4("0" + Long.toOctalString(number))).isEqualTo(address);
        assertThat(Addresses.parse4(address.getHostAddress())).isEqualTo(address);
    }

    // ---- URLs

    @ParameterizedTest
    @CsvSource({
        "http://Example.ORG, http://example.org, /",
        "HTTP://example.org:80/a?b=c#d, http://example.org, /a?b=c",
        "https://example.org:8443/a%20b, https://example.org:8443, /a%20b",
        "http://localhost./x, http://localhost, /x",
        "http://user:pw@host.example/x, http://host.example, /x",
        "http://[::1]:8080/x, http://[::1]:8080, /x",
        "http://[fe80::1%25eth0]/x, http://[fe80::1], /x",
        "http://my_host.local/x, http://my_host.local, /x",
        "http://bücher.example/ü, http://xn--bcher-kva.example, /%C3%BC",
        "http://１２７.1/, http://127.1, /"
    })
    void addressesAreReadInOneWay(URI uri, String origin, String path) throws Exception {
        var target = Target.of(uri);

        assertThat(target.origin()).isEqualTo(origin);
        assertThat(target.path()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://x/, BLOCKED",
        "file:///etc/passwd, BLOCKED",
        "jar:http://x/!/, BLOCKED",
        "mailto:x, BLOCKED",
        "http:///x, PROTOCOL",
        "http:x, PROTOCOL",
        "http://x:0/, PROTOCOL",
        "http://x:65536/, PROTOCOL",
        "http://x:y/, PROTOCOL",
        "http://a..b/, PROTOCOL",
        "http://%6c%6fcalhost/, PROTOCOL"
    })
    void otherAddressesAreRefused(URI uri, ErrorClass errorClass) {
        assertThatThrownBy(() -> Target.of(uri))
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e -> assertThat(e.errorClass()).isEqualTo(errorClass));
    }

    @ParameterizedTest
    @CsvSource({
        "/x, http://a.example/x",
        "x, http://a.example/dir/x",
        "?q=1, http://a.example/dir/page?q=1",
        "../y?z#f, http://a.example/y?z",
        "//b.example/x, http://b.example/x",
        "https://b.example, https://b.example/",
        "http://u:p@b.example/, http://b.example/",
        "/a b|c, http://a.example/a%20b%7Cc",
        "/50%, http://a.example/50%25",
        "/[x], http://a.example/%5Bx%5D",
        "http://[::1]/[x], http://[::1]/%5Bx%5D",
        "/Ã¼, http://a.example/%C3%BC"
    })
    void redirectsAreFollowedHoweverSloppy(String location, String to) throws Exception {
        var target = Target.of(URI.create("http://a.example/dir/page?old")).follow(location);

        assertThat(target.origin() + target.path()).isEqualTo(to);
        assertThat(target.user()).isNull();
    }

    @Property
    void noLocationBreaksAnything(@ForAll String location) throws Exception {
        try {
            var target = Target.of(URI.create("http://a.example/")).follow(location);
            assertThat(target.path()).matches("[\\x21-\\x7e]+");
        } catch (DownloadException e) {
            assertThat(e.errorClass()).isIn(ErrorClass.PROTOCOL, ErrorClass.BLOCKED);
        }
    }

    @Test
    void whatIsShownHoldsNoSecret() throws Exception {
        var target = Target.of(URI.create("http://user:secret@x.example/p?token=secret"));

        assertThat(target.toString() + target.shown())
                .doesNotContain("secret")
                .contains("x.example");
    }
}
