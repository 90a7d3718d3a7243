package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkTest {

    @Test
    void takesUserInformationOutOfTheLink() throws RefusedException {
        var link = Link.parse("https://me:p%40ss@files.example:8443/a?b#c");

        assertThat(link.text()).isEqualTo("https://files.example:8443/a?b#c");
        assertThat(link.userInfo()).isEqualTo("me:p%40ss");
        assertThat(link.origin()).isEqualTo("https://files.example:8443");
    }

    @ParameterizedTest
    @CsvSource({
        "https://WWW.Example.Org./x, www.example.org",
        "http://a:b@c@host/x, host",
        "http://[::1]:80/x, [::1]",
        "http://[::1]/x, [::1]",
        "http://host?x@y, host",
        "http://host\\@other/x, host",
        "acme://thing/1, thing",
        "file:///tmp/x, ''",
        "magnet:?xt=1, ''"
    })
    void findsTheNameInTheAuthority(String text, String name) throws RefusedException {
        assertThat(Link.parse(text).hostName()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "https://me:pa@ss@h/a, https://h/a",
        "https:/me:pass@h/a, https:/h/a",
        "https:me:pass@h/a, https:h/a",
        "https://h/a@b, https://h/a@b"
    })
    void S7_noSentenceTellsAPassword(String text, String shown) {
        assertThat(Link.shown(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"track_5, track_", "track_5_7?variant=x, track_", "a_1:b, a_"})
    void takesShorthandByItsWord(String text, String scheme) throws RefusedException {
        var link = Link.parse(" " + text + " ");

        assertThat(link.text()).isEqualTo(text);
        assertThat(link.scheme()).isEqualTo(scheme);
        assertThat(link.hostName()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "www.example.org/file",
                "track_",
                "track_x",
                "Track_5",
                "_5",
                "/tmp/file",
                "://x",
                "1http://x",
                "http:x",
                "http:/x",
                "http://",
                "http:///x",
                "http://:80/x",
                "http://user@/x",
                "http://host:http/x",
                "http://host:0/x",
                "http://host:65536/x",
                "http://host/a\u0000b",
                "http://host/a\r\nX: y"
            })
    void refusesWhatNoHostCouldUse(String text) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Link.parse(text))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
                .satisfies(e -> assertThat(e.getMessage()).endsWith("."));
    }

    @Test
    void refusalsNeverShowUserInformation() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Link.parse("http://me:secret@host:99999/x"))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Property
    void anyTextIsTakenOrRefusedAndNothingElse(@ForAll String text) {
        try {
            assertThat(Link.parse(text).scheme()).isNotEmpty();
        } catch (RefusedException e) {
            assertThat(e.reason()).isEqualTo(Reason.INVALID);
        }
    }
}
