package dev.capstan.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    private static final String MD5_OF_ABC = "900150983cd24fb0d6963f7d28e17f72";

    @ParameterizedTest
    @CsvSource({
        "sha-256, sha-256",
        "SHA-256, sha-256",
        "sha256, sha-256",
        "SHA512, sha-512",
        "sha384, sha-384",
        "sha, sha",
        "SHA-1, sha",
        "sha1, sha",
        "MD5, md5"
    })
    void an_algorithm_is_known_under_all_its_names(String given, String canonical)
            throws Exception {
        assertThat(Digest.knows(given)).isTrue();
        var bytes = new byte[lengthOf(canonical)];
        var digest = Digest.of(given, bytes);
        assertThat(digest.algorithm()).isEqualTo(canonical);
        assertThat(MessageDigest.getInstance(digest.jdkName()).getDigestLength())
                .isEqualTo(bytes.length);
    }

    @Test
    void the_text_form_is_read_again() {
        var digest = Digest.parse(" SHA-256 = " + "AB".repeat(32) + " ");
        assertThat(digest).hasToString("sha-256=" + "ab".repeat(32));
        assertThat(Digest.parse(digest.toString())).isEqualTo(digest);
        assertThat(Digest.sha256("AB".repeat(32))).isEqualTo(digest);
    }

    @Test
    void it_names_what_the_jdk_computes() throws Exception {
        var abc = "abc".getBytes(StandardCharsets.UTF_8);
        var md5 = Digest.of(Digest.MD5, MessageDigest.getInstance("MD5").digest(abc));
        assertThat(md5.hex()).isEqualTo(MD5_OF_ABC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "=abcd", "sha-256", "sha-256:abcd"})
    void a_text_of_another_form_is_refused_with_an_example(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digest.parse(text))
                .withMessageContaining("sha-256=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256=abcd", "md5=" + MD5_OF_ABC + "00", "md5=", "sha=xyz"})
    void a_value_that_does_not_fit_its_algorithm_is_refused_with_its_length(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digest.parse(text))
                .withMessageContaining("hexadecimal characters");
    }

    @Test
    void a_value_of_right_length_must_be_hexadecimal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digest.sha256("g".repeat(64)))
                .withMessageContaining("64 hexadecimal characters");
    }

    @Test
    void an_unknown_algorithm_is_refused_with_the_known_ones() {
        assertThat(Digest.knows("crc32")).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digest.parse("crc32=12345678"))
                .withMessageContaining("crc32")
                .withMessageContaining("sha-512");
    }

    private static int lengthOf(String algorithm) {
        return switch (algorithm) {
            case "md5" -> 16;
            case "sha" -> 20;
            default -> Integer.parseInt(algorithm.substring(4)) / 8;
        };
    }
}
