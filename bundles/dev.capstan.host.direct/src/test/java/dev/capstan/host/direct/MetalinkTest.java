package dev.capstan.host.direct;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundResponse;
import dev.capstan.tck.Origin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Metalink 4 (RFC 5854)")
class MetalinkTest {
    private static final String SHA256 = "ab".repeat(32);
    private static final String SHA1 = "cd".repeat(20);

    @TempDir Path folder;

    private final Origin origin = Origin.plain();
    private final DirectHost host = new DirectHost();
    private final List<OutboundHttp.Policy> policies = new ArrayList<>();

    @AfterEach
    void close() {
        origin.close();
    }

    @Test
    void oneFileIsFoundAtOnce() throws Exception {
        serve(
                """
                <file name="a.iso">
                  <size>2500</size>
                  <hash type="md5">0123456789abcdef0123456789abcdef</hash>
                  <hash type="sha-256">%s</hash>
                  <pieces length="1000" type="sha-1">
                    <hash>%s</hash><hash>%s</hash><hash>%s</hash>
                  </pieces>
                  <url priority="2" location="de">https://two.example/a.iso</url>
                  <url>https://last.example/a.iso</url>
                  <url priority="1">http://one.example/x/a.iso</url>
                  <metaurl mediatype="torrent">http://one.example/a.torrent</metaurl>
                </file>
                """
                        .formatted(SHA256, SHA1, SHA1, SHA1));

        var file = found(link());

        assertThat(file.name()).isEqualTo("a.iso");
        assertThat(file.nameIsGuess()).isFalse();
        assertThat(file.size()).isEqualTo(2500);
        assertThat(file.digests()).containsExactly(Digest.sha256(SHA256));
        assertThat(file.pieces().length()).isEqualTo(1000);
        assertThat(file.pieces().digests()).hasSize(3).containsOnly(new Digest("sha", SHA1));
        assertThat(file.links())
                .extracting(DirectLink::uri)
                .containsExactly(
                        URI.create("http://one.example/x/a.iso"),
                        URI.create("https://two.example/a.iso"),
                        URI.create("https://last.example/a.iso"));
    }

    @Test
    void aSingleFileSuggestsItsFolder() throws Exception {
        serve(file("dir/sub/a.iso"));

        assertThat(found(link()).name()).isEqualTo("a.iso");
        assertThat(found(link()).folder()).isEqualTo("dir/sub");
    }

    @Test
    void severalFilesAreListedAndEachIsFoundByItsOwnLink() throws Exception {
        serve(file("a.iso") + file("dir/sub/b ü.iso"));

        var listing = (Resolution.Listing) resolve(link());
        assertThat(listing.name()).isEqualTo("list");
        var page = listing.pages().page(null);
        assertThat(page.next()).isNull();
        assertThat(page.entries()).hasSize(2);
        var entry = page.entries().get(1);
        assertThat(entry.name()).isEqualTo("b ü.iso");
        assertThat(entry.folder()).isEqualTo("dir/sub");
        assertThat(entry.size()).isEqualTo(7);
        assertThat(host.recognise(entry.link())).hasValue(entry.link());

        var file = found(entry.link());
        assertThat(file.name()).isEqualTo("b ü.iso");
        assertThat(file.folder()).as("the entry's is followed already").isNull();
        assertThat(file.key()).isNotEqualTo(found(page.entries().get(0).link()).key());
    }

    @Test
    void aFileThatIsNamedNoMoreIsGone() {
        serve(file("a") + file("b"));

        assertThat(failure(link() + "#c").errorClass()).isEqualTo(ErrorClass.NOT_FOUND);
    }

    @Test
    void anotherDigestIsAnotherSource() throws Exception {
        serve(file("a", "<hash type='sha-256'>" + SHA256 + "</hash>"));
        var before = found(link()).key();
        serve(file("a", "<hash type='sha-256'>" + "01".repeat(32) + "</hash>"));

        assertThat(found(link()).key()).isNotEqualTo(before);
    }

    @Test
    void whatTheDocumentNamesGetsNoSecretsAndReachesNoPrivateAddress() throws Exception {
        serve(file("a", "<url>" + origin.uri("/a") + "</url>"));

        var links = found(link()).links();

        assertThat(links.get(0).headers()).isEmpty();
        assertThat(links.get(0).foreign()).isTrue();
        assertThat(links.get(1).headers()).containsEntry("X-Key", "canary");
        assertThat(links.get(1).foreign()).isFalse();
        assertThat(origin.log().get(0).header("x-key")).hasValue("canary");
    }

    @Test
    @DisplayName("S1: only the operator's own link may be private")
    void theOperatorsOriginIsTrusted() throws Exception {
        serve(file("a"));

        found(link());
        host.resolve(link(), new Context(Trust.NETWORK));

        assertThat(policies.get(0).trustedBases()).containsExactly(origin.uri(""));
        assertThat(policies.get(1).trustedBases()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../a",
                "a/../../b",
                "a/..",
                "./a",
                "a//b",
                "a\\b",
                "",
                " ",
                "a&#9;b",
                "..",
            })
    @DisplayName("S3: a name that leads elsewhere spoils the document")
    void aNameThatLeadsElsewhereIsRefused(String name) {
        serve(file("good") + file(name));

        assertThat(failure(link()).errorClass()).isEqualTo(ErrorClass.PROTOCOL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/relative/a.iso",
                "a.iso",
                "//one.example/a.iso",
                "ftp://one.example/a.iso",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http://",
                "http://one.example:99999/",
                "http://a\\b/",
            })
    void anAddressThatIsNoWholeWebAddressIsPassedOver(String address) throws Exception {
        serve(file("a", "<url>" + address + "</url>"));

        assertThat(found(link()).links()).hasSize(1);
    }

    @Test
    void aFileThatIsNowhereIsNotFound() {
        serve("<file name='a'><url>ftp://one.example/a</url></file>");

        assertThat(failure(link()).errorClass()).isEqualTo(ErrorClass.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE m [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><metalink/>",
                "<!DOCTYPE m [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><metalink>&b;</metalink>",
                "<!DOCTYPE metalink SYSTEM 'http://one.example/x.dtd'><metalink/>",
                "<metalink xmlns='urn:ietf:params:xml:ns:metalink'><file name='a'><url>&e;</url>",
                "<metalink version='3.0' xmlns='http://www.metalinker.org/'/>",
                "<html/>",
                "",
                "not XML",
                "<metalink xmlns='urn:ietf:params:xml:ns:metalink'><file name='a'>",
            })
    void whatIsNoMetalinkIsRefused(String document) {
        origin.serve("/list.meta4", exchange -> exchange.answer(200, document));

        assertThat(failure(link()).errorClass()).isEqualTo(ErrorClass.PROTOCOL);
    }

    @Test
    void aFileThatIsNamedTwiceIsRefused() {
        serve(file("a") + file("a"));

        assertThat(failure(link()).errorClass()).isEqualTo(ErrorClass.PROTOCOL);
    }

    @Test
    void aMarkOfTheByteOrderIsNoText() throws Exception {
        var document = origin.uri("/marked.meta4");
        origin.serve(
                "/marked.meta4",
                exchange ->
                        exchange.answer(
                                200,
                                "\uFEFF<metalink xmlns='urn:ietf:params:xml:ns:metalink'>"
                                        + file("a")
                                        + "</metalink>"));

        assertThat(found(document.toString()).name()).isEqualTo("a");
    }

    @Test
    void anEmptyDocumentNamesNoFile() {
        serve("");

        assertThat(failure(link()).errorClass()).isEqualTo(ErrorClass.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<pieces length='3' type='sha-1'><hash>x</hash></pieces>",
                "<pieces length='0' type='sha-1'></pieces>",
                "<pieces type='sha-1'></pieces>",
                "<pieces length='7' type='tiger'><hash>00</hash></pieces>",
                "<size>x</size>",
                "<hash type='crc32'>00</hash><hash>00</hash><hash type='sha-256'>0</hash>",
                "<url priority='first'>https://two.example/a</url>",
                "<!-- a --><?b c?><unknown xmlns='urn:x'><file name='..'/></unknown>",
                "<description><![CDATA[<file name='..'/>]]></description>",
            })
    void whatCannotBeReadIsPassedOver(String inside) throws Exception {
        serve(file("a", inside));

        var file = found(link());

        assertThat(file.pieces()).isNull();
        assertThat(file.links().get(0).uri()).isEqualTo(URI.create("https://one.example/a"));
    }

    @Test
    void piecesThatAreTooFewAreNotBelieved() throws Exception {
        serve(file("a", "<pieces length='3' type='sha-1'><hash>" + SHA1 + "</hash></pieces>"));

        assertThat(found(link()).pieces()).isNull();
    }

    @Test
    void aProtectedDocumentLeadsToAnUnprotectedMirrorOnlyWithADigest() throws Exception {
        try (var secure = Origin.tls()) {
            var mirror = "<url>http://one.example/a</url>";
            var link = secure.uri("/list.meta4").toString();
            secure.serve("/list.meta4", exchange -> exchange.answer(200, bare("a", mirror)));
            assertThat(failure(link).errorClass()).isEqualTo(ErrorClass.NOT_FOUND);

            var hash = "<hash type='sha-256'>" + SHA256 + "</hash>";
            secure.serve("/list.meta4", exchange -> exchange.answer(200, bare("a", mirror + hash)));
            assertThat(found(link).links()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, AUTH",
        "403, ACCOUNT",
        "404, NOT_FOUND",
        "410, NOT_FOUND",
        "429, RATE_LIMITED",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE",
        "400, HOST"
    })
    @DisplayName("R6: what the server answers is mapped to the fixed classes")
    void answersAreMapped(int status, ErrorClass errorClass) {
        origin.serve("/list.meta4", exchange -> exchange.answer(status, ""));

        assertThat(failure(link()).errorClass()).isEqualTo(errorClass);
    }

    @ParameterizedTest
    @CsvSource({
        "https://h/a.meta4#b c, https://h/a.meta4#b%20c",
        "https://h/a.META4?x=1#b%2fc, https://h/a.META4?x=1#b%2Fc",
        "https://h/a.meta4#, https://h/a.meta4",
        "https://h/a.iso#b, https://h/a.iso",
        "https://h/?x=a.meta4#b, https://h/?x=a.meta4",
        "file:///a.meta4#b c, file:///a.meta4#b%20c",
    })
    @DisplayName("R2: a document's link keeps the name of a file")
    void theNameOfAFileIsPartOfTheLink(String link, String canonical) {
        assertThat(host.recognise(link)).hasValue(canonical);
        assertThat(host.recognise(canonical)).hasValue(canonical);
    }

    @Test
    void aLocalDocumentIsReadAndReachesNoPrivateAddress() throws Exception {
        var link = local(file("a.iso", "<hash type='sha-256'>" + SHA256 + "</hash>"));

        var file = found(link);

        assertThat(file.name()).isEqualTo("a.iso");
        assertThat(file.digests()).containsExactly(Digest.sha256(SHA256));
        assertThat(file.links()).hasSize(1);
        assertThat(file.links().get(0).uri()).isEqualTo(URI.create("https://one.example/a"));
        assertThat(file.links().get(0).foreign()).isTrue();
        assertThat(file.links().get(0).headers()).isEmpty();
        assertThat(policies).as("nobody is asked").isEmpty();
    }

    @Test
    void aLocalDocumentOfSeveralFilesIsAListing() throws Exception {
        var listing = (Resolution.Listing) resolve(local(file("a") + file("dir/b c")));

        assertThat(listing.name()).isEqualTo("ü list");
        var entry = listing.pages().page(null).entries().get(1);
        assertThat(entry.link()).endsWith("/%C3%BC%20list.meta4#dir/b%20c");
        assertThat(found(entry.link()).name()).isEqualTo("b c");
    }

    @Test
    @DisplayName("S1: a local document is for the operator only")
    void aLocalDocumentIsForTheOperatorOnly() throws Exception {
        var link = host.recognise(local(file("a"))).orElseThrow();

        var failure =
                catchThrowableOfType(
                        DownloadException.class,
                        () -> host.resolve(link, new Context(Trust.NETWORK)));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
    }

    @Test
    @DisplayName("S11: a local document is read as warily as any other")
    void aLocalDocumentDefinesNoEntities() throws Exception {
        var path = folder.resolve("x.meta4");
        Files.writeString(
                path, "<!DOCTYPE m [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><metalink>&e;");

        assertThat(failure(path.toUri().toString()).errorClass()).isEqualTo(ErrorClass.PROTOCOL);
    }

    @Test
    void aLocalDocumentIsNoLongerThanAnyOther() throws Exception {
        var path = folder.resolve("x.meta4");
        try (var file = FileChannel.open(path, CREATE, WRITE)) {
            file.write(ByteBuffer.allocate(1), Metalink.LONGEST);
        }

        var failure = failure(path.toUri().toString());

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.PROTOCOL);
        assertThat(failure).hasMessageContaining("larger than");
    }

    // ---- help

    private String local(String files) throws IOException {
        return Files.writeString(folder.resolve("ü list.meta4"), document(files))
                .toUri()
                .toString();
    }

    private String link() {
        return origin.uri("/list.meta4").toString();
    }

    private void serve(String files) {
        origin.serve("/list.meta4", exchange -> exchange.answer(200, document(files)));
    }

    private static String document(String files) {
        return "<?xml version='1.0' encoding='UTF-8'?>"
                + "<metalink xmlns='urn:ietf:params:xml:ns:metalink'>"
                + "<generator>test</generator>"
                + files
                + "</metalink>";
    }

    private static String bare(String name, String inside) {
        return document("<file name='" + name + "'>" + inside + "</file>");
    }

    private static String file(String name) {
        return file(name, "");
    }

    private static String file(String name, String more) {
        return "<file name='%s'><size>7</size><url>https://one.example/a</url>%s</file>"
                .formatted(name, more);
    }

    private Resolution resolve(String link) throws Exception {
        return host.resolve(host.recognise(link).orElseThrow(), new Context(Trust.OPERATOR));
    }

    private RemoteFile found(String link) throws Exception {
        return ((Resolution.Found) resolve(link)).file();
    }

    private DownloadException failure(String link) {
        return catchThrowableOfType(DownloadException.class, () -> resolve(link));
    }

    private final class Context implements ResolveContext {
        private final Trust trust;

        Context(Trust trust) {
            this.trust = trust;
        }

        @Override
        public OutboundHttp.Client http(OutboundHttp.Policy policy) {
            policies.add(policy);
            return request -> {
                var asked = HttpRequest.newBuilder(request.uri());
                request.headers().forEach(asked::header);
                try {
                    var answer =
                            HttpClient.newBuilder()
                                    .sslContext(Origin.clientContext())
                                    .build()
                                    .send(asked.build(), BodyHandlers.ofByteArray());
                    return new OutboundResponse(
                            answer.statusCode(),
                            answer.headers().map(),
                            answer.body(),
                            request.uri());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            };
        }

        @Override
        public Map<String, String> headers() {
            return Map.of("X-Key", "canary");
        }

        @Override
        public Trust trust() {
            return trust;
        }

        @Override
        public Purpose purpose() {
            return Purpose.START;
        }

        @Override
        public Instant deadline() {
            return Instant.MAX;
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
