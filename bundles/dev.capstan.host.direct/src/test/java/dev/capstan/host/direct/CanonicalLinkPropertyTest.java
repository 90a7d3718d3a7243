package dev.capstan.host.direct;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CanonicalLinkPropertyTest {

    @Provide
    Arbitrary<String> links() {
        var scheme = Arbitraries.of("http://", "https://", "HTTP://", "file://", "file:", "http:");
        var pieces =
                Arbitraries.of(
                        "a",
                        "example",
                        ".",
                        "..",
                        "/",
                        "//",
                        "\\",
                        ":",
                        "@",
                        "?",
                        "#",
                        "%",
                        "%2e",
                        "%2F",
                        "%00",
                        "%zz",
                        "[",
                        "]",
                        "::1",
                        "127",
                        "0x7f",
                        "09",
                        "80",
                        "65536",
                        "ü",
                        "ß",
                        "。",
                        "／",
                        "xn--",
                        "xn--bcher-kva",
                        "-",
                        "_",
                        " ",
                        "\u00AD",
                        "😀",
                        "\uD83D",
                        "\r\n",
                        "&",
                        "=",
                        "+");
        var pasted = pieces.list().ofMaxSize(12).map(list -> String.join("", list));
        var anything = Arbitraries.strings().all().ofMaxLength(80);
        var tail = Arbitraries.oneOf(pasted, anything);
        return Arbitraries.oneOf(
                anything,
                scheme.flatMap(s -> tail.map(t -> s + t)),
                scheme.flatMap(s -> tail.flatMap(t -> tail.map(p -> s + t + "/" + p))));
    }

    @Property(tries = 20_000)
    void R1_R2_recognise_never_throws_and_a_canonical_link_is_its_own(
            @ForAll("links") String link) {
        var host = new DirectHost();
        host.recognise(link)
                .ifPresent(
                        canonical -> {
                            assertThat(host.recognise(canonical)).contains(canonical);
                            assertPlain(URI.create(canonical));
                        });
    }

    private static void assertPlain(URI uri) {
        assertThat(uri.toString()).matches("[!-~]+").doesNotContain("#", "\\", "\"", "<", ">");
        assertThat(uri.getRawUserInfo()).isNull();
        assertThat(uri.getRawFragment()).isNull();
        assertThat(uri.getRawPath())
                .startsWith("/")
                .doesNotContainPattern("/(\\.|%2[Ee]){1,2}(/|$)");
        if (uri.getScheme().equals("file")) {
            assertThat(uri.getRawAuthority()).isNull();
        } else {
            assertThat(uri.getScheme()).isIn("http", "https");
            assertThat(uri.getHost()).isNotEmpty().isLowerCase();
        }
    }
}
