package dev.capstan.host.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.net.spi.OutboundHttp;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectHostTest {
    private static final String LINK = "https://example.com/a/debian.iso?key=1";

    @TempDir Path folder;
    private final DirectHost host = new DirectHost();

    @Test
    void a_link_is_its_own_direct_link_and_does_not_expire() throws Exception {
        var file = found(LINK, Map.of("User-Agent", "x"));
        assertThat(file.links()).hasSize(1);
        assertThat(file.links().get(0).uri()).isEqualTo(URI.create(LINK));
        assertThat(file.links().get(0).headers()).containsExactly(Map.entry("User-Agent", "x"));
        assertThat(file.linksExpire()).isFalse();
        assertThat(file.nameIsGuess()).isTrue();
        assertThat(file.size()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://h/debian.iso, debian.iso",
        "https://h/a/b/debian.iso?x=/y.zip, debian.iso",
        "https://h/a%20b.iso, a b.iso",
        "https://h/%C3%BC.iso, ü.iso",
        "https://h/%FC.iso, ü.iso",
        "https://h/%E2%82.iso, '\u00E2\u0082.iso'",
        "https://h/a+b.iso, a+b.iso",
        "https://h/100%25.txt, 100%.txt",
        "https://h/a%2Fb.iso, a/b.iso",
        "https://h/folder/, folder",
        "https://h/folder///, folder",
        "https://h/, index.html",
        "https://h//, index.html",
        "https://h/?file=a.iso, index.html",
        "https://h/;v=1, ;v=1"
    })
    void a_name_is_guessed_from_the_path(String link, String name) throws Exception {
        assertThat(found(link, Map.of()).name()).isEqualTo(name);
    }

    @Test
    void the_key_is_the_whole_link() throws Exception {
        assertThat(found(LINK, Map.of()).key()).isEqualTo(new SourceKey("direct", LINK));
        assertThat(found("https://example.com/a", Map.of()).key())
                .isNotEqualTo(found("https://example.com/a?", Map.of()).key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Authorization", "cookie", "Proxy-Authorization", "X-Api-Key", "Accept"})
    void Q9_credentials_and_whatever_may_choose_the_bytes_are_part_of_the_key(String header)
            throws Exception {
        var none = found(LINK, Map.of()).key();
        var one = found(LINK, Map.of(header, "canary-1")).key();
        var other = found(LINK, Map.of(header, "canary-2")).key();
        assertThat(one.id()).matches("\\Q" + LINK + "\\E#[0-9a-f]{16}");
        assertThat(none).isNotEqualTo(one);
        assertThat(one).isNotEqualTo(other);
        assertThat(one.toString()).doesNotContain("canary");
        assertThat(found(LINK, Map.of(header.toUpperCase(), " canary-1")).key()).isEqualTo(one);
        assertThat(markOf(found("https://example.com/b", Map.of(header, "canary-1")).key()))
                .isNotEqualTo(markOf(one));
    }

    @Test
    void Q9_who_asks_is_no_part_of_the_key() throws Exception {
        var asked = Map.of("User-Agent", "x", "REFERER", "https://example.com/");
        assertThat(found(LINK, asked).key()).isEqualTo(found(LINK, Map.of()).key());
    }

    @Test
    void Q9_the_order_of_headers_does_not_matter() throws Exception {
        var one = new LinkedHashMap<String, String>();
        one.put("Cookie", "a");
        one.put("X-Key", "b");
        var other = new LinkedHashMap<String, String>();
        other.put("x-key", "b");
        other.put("cookie", "a");
        assertThat(found(LINK, one).key()).isEqualTo(found(LINK, other).key());
        assertThat(found(LINK, Map.of("A", "1, b=2")).key())
                .isNotEqualTo(found(LINK, Map.of("A", "1", "b", "2")).key());
    }

    @Test
    void what_is_no_link_is_blocked() {
        var failure = failure("ftp://example.com/a", Trust.OPERATOR);
        assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
    }

    @Test
    void a_file_is_described_by_what_it_is() throws Exception {
        var path = Files.writeString(folder.resolve("ä b?#.iso"), "12345");
        var file = found(link(path), Map.of());
        assertThat(file.name()).isEqualTo("ä b?#.iso");
        assertThat(file.nameIsGuess()).isFalse();
        assertThat(file.size()).isEqualTo(5);
        assertThat(file.key().id()).startsWith("file:///").endsWith("%C3%A4%20b%3F%23.iso");
        assertThat(Path.of(file.links().get(0).uri())).isEqualTo(path);
    }

    @Test
    void a_file_that_was_just_written_has_no_revision_however_old_it_claims_to_be()
            throws Exception {
        var path = Files.writeString(folder.resolve("a"), "a");
        Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
        assertThat(found(link(path), Map.of()).revision()).isNull();
    }

    @Test
    void a_settled_file_has_a_revision_that_stays() throws Exception {
        var path = Path.of("/etc/passwd");
        var revision = found(link(path), Map.of()).revision();
        assertThat(revision).startsWith(Files.size(path) + "-");
        assertThat(found(link(path), Map.of()).revision()).isEqualTo(revision);
    }

    @Test
    void S1_a_file_is_for_the_operator_only() throws Exception {
        var path = Files.writeString(folder.resolve("a"), "a");
        var failure = failure(link(path), Trust.NETWORK);
        assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(failure).hasMessageContaining("operator");
        assertThat(failure("file:///does/not/exist", Trust.NETWORK).errorClass())
                .as("tells nobody what is there")
                .isEqualTo(ErrorClass.BLOCKED);
    }

    @Test
    void what_cannot_be_read_as_a_file_is_told_in_a_sentence() throws Exception {
        var missing = failure(link(folder.resolve("missing")), Trust.OPERATOR);
        assertThat(missing.errorClass()).isEqualTo(ErrorClass.NOT_FOUND);
        assertThat(missing).hasMessage("There is no file " + folder.resolve("missing"));

        var directory = failure(link(folder), Trust.OPERATOR);
        assertThat(directory.errorClass()).isEqualTo(ErrorClass.IO);
        assertThat(directory).hasMessage(folder + " is a folder, not a file");

        var device = failure("file:///dev/null", Trust.OPERATOR);
        assertThat(device.errorClass()).isEqualTo(ErrorClass.IO);

        var below =
                failure(link(Files.writeString(folder.resolve("a"), "")) + "/b", Trust.OPERATOR);
        assertThat(below.errorClass()).isEqualTo(ErrorClass.IO);
    }

    private RemoteFile found(String link, Map<String, String> headers) throws Exception {
        var resolution = host.resolve(link, new Context(headers, Trust.OPERATOR));
        return ((Resolution.Found) resolution).file();
    }

    private DownloadException failure(String link, Trust trust) {
        return catchThrowableOfType(
                DownloadException.class, () -> host.resolve(link, new Context(Map.of(), trust)));
    }

    private static String link(Path path) {
        return path.toUri().toString();
    }

    private static String markOf(SourceKey key) {
        return key.id().substring(key.id().indexOf('#'));
    }

    private record Context(Map<String, String> headers, Trust trust) implements ResolveContext {

        @Override
        public Purpose purpose() {
            return Purpose.START;
        }

        @Override
        public Instant deadline() {
            return Instant.MAX;
        }

        @Override
        public OutboundHttp.Client http(OutboundHttp.Policy policy) {
            throw new AssertionError("a direct link is resolved without any request");
        }

        @Override
        public Optional<String> linkPassword() {
            return Optional.empty();
        }

        @Override
        public Optional<SourceKey> knownKey() {
            return Optional.empty();
        }

        @Override
        public OptionalLong knownSize() {
            return OptionalLong.empty();
        }
    }
}
