package dev.capstan.host.fshare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FshareLinkTest {
    private static final Set<String> HOSTS = Set.of("fshare.vn", "www.fshare.vn");

    @ParameterizedTest
    @CsvSource({
        "https://www.fshare.vn/file/ABC123, https://www.fshare.vn/file/ABC123",
        "http://fshare.vn/file/ABC123, https://www.fshare.vn/file/ABC123",
        "HTTPS://WWW.Fshare.VN./file/ABC123/, https://www.fshare.vn/file/ABC123",
        "https://fshare.vn:443/folder/F1?token=1&share=2#top, https://www.fshare.vn/folder/F1",
        "https://www.fshare.vn/file/abc123?token=1, https://www.fshare.vn/file/ABC123",
    })
    @DisplayName("F1, F3: every form of a link is known, and means one canonical link")
    void everyFormIsKnown(String link, String canonical) {
        assertThat(canonical(link)).hasValue(canonical);
        assertThat(canonical(canonical)).hasValue(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/fshare.vn/file/X",
                "https://fshare.vn.evil.example/file/X",
                "https://fshare.vn@evil.example/file/X",
                "https://user@www.fshare.vn/file/X",
                "https://evil.example\\@www.fshare.vn/file/X",
                "https://www.fshare.vn:8443/file/X",
                "https://www.fshare.vn:80/file/X",
                "https://api.fshare.vn/file/X",
                "https://www.fshare.vn/file/X/more",
                "https://www.fshare.vn/file/",
                "https://www.fshare.vn/file/A-B",
                "https://www.fshare.vn/file/%41BC",
                "https://www.fshare.vn/file/ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456",
                "https://www.fshare.vn/FILE/X",
                "https://www.fshare.vn//file/X",
                "ftp://www.fshare.vn/file/X",
                "https://evil.example/?u=https://www.fshare.vn/file/X",
                " https://www.fshare.vn/file/X",
                "www.fshare.vn/file/X",
                ""
            })
    @DisplayName("F1: what only looks like ours is refused")
    void whatOnlyLooksLikeOursIsRefused(String link) {
        assertThat(canonical(link)).isEmpty();
    }

    @Test
    @DisplayName("F3: case does not count in a source key, and calls name the code as it was given")
    void theCodeIsCalledAsItWasGiven() {
        var lower = FshareLink.parse("https://fshare.vn/file/abc123?token=1", HOSTS).orElseThrow();
        var upper = FshareLink.parse("https://www.fshare.vn/file/ABC123", HOSTS).orElseThrow();

        assertThat(lower.key()).isEqualTo(upper.key()).hasToString("fshare:ABC123");
        assertThat(lower.address()).isEqualTo("https://www.fshare.vn/file/abc123");
    }

    private static Optional<String> canonical(String link) {
        return FshareLink.parse(link, HOSTS).map(FshareLink::canonical);
    }
}
