package dev.capstan.transfer.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 7616")
class DigestOfferTest {
    private static final Login MUFASA = new Login("Mufasa", "Circle of Life");

    @ParameterizedTest
    @CsvSource({
        "MD5, 8ca523f5e9506fed4657c9700eebdbec",
        "SHA-256, 753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    })
    @DisplayName("3.9.1: the first example")
    void answersTheExample(String algorithm, String response) {
        var offer =
                offer(
                        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                                + algorithm
                                + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");

        var answer =
                offer.answer(
                        MUFASA,
                        "GET",
                        "/dir/index.html",
                        1,
                        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");

        assertThat(answer)
                .isEqualTo(
                        "Digest username=\"Mufasa\", realm=\"http-auth@example.org\","
                                + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                                + " uri=\"/dir/index.html\", response=\""
                                + response
                                + "\", algorithm="
                                + algorithm
                                + ", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\","
                                + " qop=auth, nc=00000001,"
                                + " cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\"");
    }

    @Test
    @DisplayName("3.9.2: the hash of a name is that of the erratum")
    void answersTheExampleWithAHashedName() {
        var offer =
                offer(
                        "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256,"
                                + " nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\","
                                + " opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\","
                                + " charset=UTF-8, userhash=true");

        var answer =
                offer.answer(
                        new Login("J\u00e4s\u00f8n Doe", "Secret, or not?"),
                        "GET",
                        "/doe.json",
                        1,
                        "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm");

        assertThat(answer)
                .contains(
                        "username=\"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b\"",
                        "response=\"7a4e1192babbba02e91182d2895bfdbf7adafc6e48d4e517ca301974843d840c\"",
                        "userhash=true");
    }

    @Test
    void namesThatAreNotPlainAreEncoded() {
        var offer = offer("Digest realm=\"r\", nonce=\"n\"");

        assertThat(offer.answer(new Login("J\u00e4 n", ""), "GET", "/", 1, "c"))
                .startsWith("Digest username*=UTF-8''J%C3%A4%20n, realm=\"r\"")
                .doesNotContain("nc=", "cnonce=", "qop=", "algorithm=");
        assertThat(offer.answer(new Login("a\r\nX: b", ""), "GET", "/", 1, "c"))
                .doesNotContain("\n", "\r");
        assertThat(offer.answer(new Login("a\"b\\", ""), "GET", "/", 1, "c"))
                .startsWith("Digest username=\"a\\\"b\\\\\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic realm=\"r\", nonce=\"n\"",
                "Digest realm=\"r\"",
                "Digest nonce=\"n\"",
                "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
                "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-1"
            })
    void someOffersHaveNoAnswer(String field) {
        assertThat(offer(field)).isNull();
    }

    private static DigestOffer offer(String field) {
        return DigestOffer.of(Challenge.parse(List.of(field)).get(0));
    }
}
