package dev.capstan.admin.shell.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Usage;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkOptionsTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "500K, 512000", "500k, 512000", "2M, 2097152", "1G, 1073741824"})
    void limitsAreWrittenLikeAria2s(String text, long bytes) throws Exception {
        assertThat(request("--max-download-limit=" + text).options().limitBytesPerSecond())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "K", "-1", "1.5M", "2T", "9223372036854775807K", "2 M"})
    void otherLimitsAreRefused(String text) {
        assertThatThrownBy(() -> request("--max-download-limit=" + text))
                .isInstanceOf(CommandException.class);
    }

    @ParameterizedTest
    @CsvSource({"-s8, 8", "-x4, 4", "-s8 -x4, 4", "-s2 -x16, 2", "--, 0"})
    void theSmallerNumberOfConnectionsCounts(String words, int connections) throws Exception {
        assertThat(request(words.split(" ")).options().maxConnections()).isEqualTo(connections);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Name", ": value", "na me: v", "N: a\rb", "N: a\nb", "N: a\u0000", "(x): y"})
    void headersThatWouldBreakARequestAreRefused(String header) {
        assertThatThrownBy(() -> request("--header=" + header))
                .hasMessage("--header needs the form 'NAME: VALUE'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out", "./out", "/base/out", "../base/out"})
    void foldersStartFromTheCurrentOne(String folder) throws Exception {
        assertThat(request("-d", folder).folder()).isEqualTo(Path.of("/base/out"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/etc/b", "..", "."})
    void aNameThatIsAPathIsRefused(String name) {
        assertThatThrownBy(() -> request("-o", name))
                .hasMessage("--out is a file's name; --dir says where it goes.");
    }

    private static DownloadRequest request(String... words) throws CommandException {
        var arguments = Usage.of("test", LinkOptions.TEXT).parse(List.of(words));
        return new LinkOptions(arguments, Path.of("/base")).request("l", DownloadOptions.DEFAULT);
    }
}
