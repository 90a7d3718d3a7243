package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.net.spi.OutboundHttp.Policy;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import dev.capstan.tck.Origin;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("6: what is at a limit passes, what is one over it does not")
class LimitsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String EMPTY = "Content-Length: 0\r\n\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

    @TempDir Path folder;

    private final Origin origin = Origin.plain();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() {
        rig.close();
        origin.close();
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                limit("status line", statusLine(8 << 10), statusLine((8 << 10) + 1)),
                limit("header of one line", section(1, 64 << 10), section(1, (64 << 10) + 1)),
                limit("header of lines", section(90, 64 << 10), section(90, (64 << 10) + 1)),
                limit("fields", fields(100), fields(101)),
                limit("interim answers", interim(8), interim(9)),
                limit("chunk extension", extension(1 << 10), extension((1 << 10) + 1)),
                limit("last extension", lastExtension(1 << 10), lastExtension((1 << 10) + 1)),
                limit("trailers", trailers(1, 8 << 10), trailers(1, (8 << 10) + 1)),
                limit("trailer lines", trailers(50, 8 << 10), trailers(50, (8 << 10) + 1)),
                limit("trailer fields", trailers(100, 5000), trailers(101, 5000)),
                limit("chunk size", chunk("0000000000000003"), chunk("00000000000000003")),
                limit("empty lines before", "\r\n".repeat(4) + OK + EMPTY, "\n".repeat(5) + OK));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void theLimitHolds(String name, String within, String beyond) throws Exception {
        origin.serve("/within", exchange -> exchange.raw(within));
        origin.serve("/beyond", exchange -> exchange.raw(beyond));

        assertThat(send("/within").status()).isEqualTo(200);
        assertThatThrownBy(() -> send("/beyond"))
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e ->
                                assertThat(e.errorClass())
                                        .as(e.getMessage())
                                        .isEqualTo(ErrorClass.PROTOCOL));
    }

    static Stream<Arguments> cutHeads() {
        return Stream.of(
                Arguments.of("HTT"),
                Arguments.of("HTTP/1.1 200 OK"),
                Arguments.of(OK),
                Arguments.of(OK + "Content-Length: 3"),
                Arguments.of(OK + "Content-Length: 30\r\n"));
    }

    @ParameterizedTest
    @MethodSource("cutHeads")
    void aHeadThatIsCutOffIsNoHead(String head) {
        origin.serve(
                "/f",
                exchange -> {
                    exchange.raw(head);
                    exchange.cut();
                });

        assertThatThrownBy(() -> send("/f"))
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.NETWORK));
    }

    static Stream<Arguments> oddities() {
        return Stream.of(
                Arguments.of("HTTP/1.1 200\r\n" + EMPTY, true),
                Arguments.of("HTTP/1.0 200 OK\n" + EMPTY.replace("\r", ""), true),
                Arguments.of("HTTP/1.9 200 OK\r\n" + EMPTY, true),
                Arguments.of(OK + "A: b\r\n c\r\n" + EMPTY, true),
                Arguments.of(OK + "A:\r\nB: \r\n" + EMPTY, true),
                Arguments.of("HTTP/2 200 OK\r\n" + EMPTY, false),
                Arguments.of("ICY 200 OK\r\n" + EMPTY, false),
                Arguments.of("HTTP/1.1 2000 OK\r\n" + EMPTY, false),
                Arguments.of("HTTP/1.1 099 OK\r\n" + EMPTY, false),
                Arguments.of(" " + OK + EMPTY, false),
                Arguments.of(OK + " A: b\r\n" + EMPTY, false),
                Arguments.of(OK + "A : b\r\n" + EMPTY, false),
                Arguments.of(OK + ": b\r\n" + EMPTY, false),
                Arguments.of(OK + "no field\r\n" + EMPTY, false),
                Arguments.of(OK + "A: b\rContent-Length: 3\r\n" + EMPTY, false),
                Arguments.of(OK + "A: b\0c\r\n" + EMPTY, false),
                Arguments.of(CHUNKED + "3;a=b\r\nabc\r\n0\r\n\r\n", true),
                Arguments.of(CHUNKED + "3 ;a\r\nabc\r\n0  \r\nX: y\r\n\r\n", true),
                Arguments.of(CHUNKED + "3\nabc\n0\n\n", true),
                Arguments.of(CHUNKED + "3 x\r\nabc\r\n0\r\n\r\n", false),
                Arguments.of(CHUNKED + " 3\r\nabc\r\n0\r\n\r\n", false),
                Arguments.of(CHUNKED + "0x3\r\nabc\r\n0\r\n\r\n", false),
                Arguments.of(CHUNKED + "-3\r\nabc\r\n0\r\n\r\n", false),
                Arguments.of(CHUNKED + "\r\nabc\r\n0\r\n\r\n", false),
                Arguments.of(CHUNKED + "ffffffffffffffff\r\nabc\r\n0\r\n\r\n", false),
                Arguments.of(CHUNKED + "3\r\nabcd\r\n0\r\n\r\n", false),
                Arguments.of(CHUNKED + "3\r\nabc\r\n0\r\nno field\r\n\r\n", false));
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void whatIsOddIsReadAsItMustBe(String answer, boolean accepted) throws Exception {
        origin.serve("/f", exchange -> exchange.raw(answer));

        if (accepted) {
            assertThatCode(() -> send("/f")).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> send("/f"))
                    .isInstanceOfSatisfying(
                            DownloadException.class,
                            e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.PROTOCOL));
        }
    }

    @Test
    void tenRedirectsAreFollowedAndNotEleven() throws Exception {
        for (var i = 1; i <= 11; i++) {
            var next = "Location: /" + (i - 1);
            origin.serve("/" + i, exchange -> exchange.answer(302, "", next));
        }
        origin.serve("/0", exchange -> exchange.answer(200, "whole"));

        rig.fetch(origin.uri("/10"));
        assertThat(rig.ingest.bytes()).isEqualTo("whole".getBytes());
        rig.close();
        rig = new Rig(folder);
        assertThat(rig.failure(origin.uri("/11")).errorClass()).isEqualTo(ErrorClass.PROTOCOL);
    }

    private OutboundResponse send(String path) throws DownloadException, InterruptedException {
        var uri = URI.create("http://a.public:" + origin.port() + path);
        return rig.engine.client(Policy.DEFAULT).send(OutboundRequest.get(uri));
    }

    private static Arguments limit(String name, String within, String beyond) {
        return Arguments.of(name, within, beyond);
    }

    private static String statusLine(int length) {
        return "HTTP/1.1 200 " + "x".repeat(length - 13) + "\r\n" + EMPTY;
    }

    private static String section(int lines, int length) {
        var end = "Content-Length: 0\r\n";
        return OK + lines(lines, length - end.length()) + end + "\r\n";
    }

    private static String fields(int count) {
        return OK + "A: b\r\n".repeat(count - 1) + EMPTY;
    }

    private static String interim(int count) {
        return "HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\n".repeat(count) + OK + EMPTY;
    }

    private static String extension(int length) {
        return CHUNKED + "3;" + "x".repeat(length - 1) + "\r\nabc\r\n0\r\n\r\n";
    }

    private static String lastExtension(int length) {
        return CHUNKED + "3\r\nabc\r\n0;" + "x".repeat(length - 1) + "\r\n\r\n";
    }

    private static String trailers(int lines, int length) {
        return CHUNKED + "3\r\nabc\r\n0\r\n" + lines(lines, length) + "\r\n";
    }

    private static String chunk(String size) {
        return CHUNKED + size + "\r\nabc\r\n0\r\n\r\n";
    }

    /** So many lines that are so many bytes together. */
    private static String lines(int count, int length) {
        var each = length / count;
        return String.join(
                "",
                IntStream.range(0, count)
                        .mapToObj(i -> i == 0 ? length - each * (count - 1) : each)
                        .map(size -> "A: " + "x".repeat(size - 5) + "\r\n")
                        .toList());
    }
}
