package dev.capstan.admin.rest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {

    @ParameterizedTest
    @CsvSource({"song.mp3, audio/mpeg", "FILM.MKV, video/x-matroska", "a.b.m4a, audio/mp4"})
    void theExtensionTells(String name, String type) {
        assertThat(MediaTypes.ofName(name)).contains(type);
    }

    /** What runs in a browser is never told, since it would run under this server's origin. */
    @ParameterizedTest
    @ValueSource(strings = {"x.html", "x.svg", "x.xhtml", "x.xml", "x.js", "x.pdf", "x", "x."})
    void nothingThatABrowserRunsHasATypeByItsName(String name) {
        assertThat(MediaTypes.ofName(name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "664c614300000022, audio/flac",
        "4944330400000000, audio/mpeg",
        "fffb906400000000, audio/mpeg",
        "4f67675300020000, audio/ogg",
        "5249464624000000574156452020, audio/wav",
        "00000020667479704d344120, audio/mp4",
        "0000001c6674797069736f6d, video/mp4",
        "1a45dfa3a3428681, video/x-matroska",
        "3c21444f43545950452068746d6c3e, application/octet-stream",
        "00, application/octet-stream",
    })
    void theFirstBytesTellWhereTheNameDoesNot(String hex, String type) {
        var bytes = HexFormat.of().parseHex(hex);

        assertThat(MediaTypes.ofBeginning(bytes, bytes.length)).isEqualTo(type);
    }
}
