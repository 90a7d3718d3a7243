package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad input and bad sources: each has its own sentence and exit code, no stack trace, and leaves no
 * file behind.
 */
class ExitCodesTest {
    @TempDir Path root;
    private Capstan capstan;

    @BeforeEach
    void makeRoom() throws IOException {
        capstan = new Capstan(root);
    }

    @Test
    void malformedLink() throws Exception {
        check(28, "malformed", "get", "http://[::1/file");
        check(28, "link", "get", "not a link at all");
    }

    @Test
    void unknownScheme() throws Exception {
        check(20, "gopher", "get", "gopher://example.org/file");
    }

    @Test
    void unknownOption() throws Exception {
        check(28, "--colour", "get", "--colour", "http://127.0.0.1/file");
        check(28, "get", "git", "http://127.0.0.1/file");
        check(28, "-o", "get", "-o", "one", "http://127.0.0.1/a", "http://127.0.0.1/b");
    }

    @Test
    void unknownConfiguration() throws Exception {
        check(
                28,
                "idleTimeoutMs",
                "get",
                "--set",
                "dev.capstan.transfer.http:idleTimeouts=5",
                "http://127.0.0.1/a");
        check(
                28,
                "dev.capstan.transfer",
                "get",
                "--set",
                "dev.capstan.transfer:idleTimeoutMs=5",
                "http://127.0.0.1/a");
        check(
                28,
                "idleTimeoutMs",
                "get",
                "--set",
                "dev.capstan.transfer.http:idleTimeoutMs=soon",
                "http://127.0.0.1/a");
    }

    @Test
    void unresolvableName() throws Exception {
        check(19, "no-such-name.invalid", "get", "http://no-such-name.invalid/file");
    }

    @Test
    void refusedPort() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        check(
                6,
                "127.0.0.1",
                "get",
                "--set",
                "dev.capstan.transfer.http:attempts=1",
                "http://127.0.0.1:" + port + "/file");
    }

    @Test
    void notThere() throws Exception {
        try (var origin = Origin.plain()) {
            check(3, "404", "get", origin.uri("/file").toString());
        }
    }

    @Test
    void anotherChecksum() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/file", Resource.of(Body.random(10_000, 1)));
            check(
                    32,
                    "sha-256",
                    "get",
                    "--checksum",
                    "sha-256=" + "0".repeat(64),
                    origin.uri("/file").toString());
        }
    }

    @Test
    void folderThatCannotBeMade() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/file", Resource.of(Body.random(10_000, 1)));
            var inTheWay = Files.writeString(root.resolve("in-the-way"), "");
            check(
                    18,
                    "in-the-way",
                    "get",
                    "-d",
                    inTheWay.resolve("sub").toString(),
                    origin.uri("/file").toString());
        }
    }

    @Test
    void silence() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/file", exchange -> exchange.stall());
            check(
                    2,
                    "127.0.0.1",
                    "get",
                    "--set",
                    "dev.capstan.transfer.http:headerTimeoutMs=300",
                    "--set",
                    "dev.capstan.transfer.http:attempts=1",
                    origin.uri("/file").toString());
        }
    }

    @Test
    void tooSlow() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/file", Resource.of(Body.random(1_000_000, 1)).pace(2_000));
            check(
                    5,
                    "less than 1000000 bytes a second",
                    "get",
                    "--set",
                    "dev.capstan.transfer.http:minBytesPerSecond=1000000",
                    "--set",
                    "dev.capstan.transfer.http:minSpeedWindowMs=1000",
                    "--set",
                    "dev.capstan.transfer.http:attempts=1",
                    origin.uri("/file").toString());
        }
    }

    @Test
    void changedTwice() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve(
                    "/file",
                    exchange -> {
                        var version = exchange.number();
                        exchange.cutAfter(100_000);
                        Resource.of(Body.random(200_000, version))
                                .etag("\"" + version + "\"")
                                .handle(exchange);
                    });
            check(8, "changed twice", "get", origin.uri("/file").toString());
        }
    }

    @Test
    void dataThatCannotBeWritten() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/file", Resource.of(Body.random(8_000_000, 1)));

            var result = capstan.runWithFilesUpTo(4_096, "get", origin.uri("/file").toString());

            assertThat(result.exit()).as(result.err()).isEqualTo(17);
            assertThat(result.err()).contains("cannot be kept").doesNotContain("\tat ");
        }
    }

    @Test
    void noSuchDownload() throws Exception {
        check(1, "01J", "pause", "01J");
    }

    @Test
    void notNow() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/file", exchange -> exchange.answer(503, "", "Content-Type: text/plain"));
            check(
                    29,
                    "503",
                    "get",
                    "--set",
                    "dev.capstan.transfer.http:attempts=1",
                    origin.uri("/file").toString());
        }
    }

    @Test
    void notAllowed() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve(
                    "/file",
                    exchange -> exchange.answer(401, "", "WWW-Authenticate: Basic realm=\"x\""));
            check(24, "401", "get", origin.uri("/file").toString());
        }
    }

    @Test
    void notHttp() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/file", exchange -> exchange.raw("SSH-2.0-OpenSSH_9.2\r\n"));
            check(
                    22,
                    "127.0.0.1",
                    "get",
                    "--set",
                    "dev.capstan.transfer.http:attempts=1",
                    origin.uri("/file").toString());
        }
    }

    @Test
    void redirectToAFile() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve(
                    "/file", exchange -> exchange.answer(302, "", "Location: file:///etc/passwd"));
            check(28, "file", "get", origin.uri("/file").toString());
        }
    }

    @Test
    void theFirstFailureOfSeveralCounts() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/good", Resource.of(Body.random(1_000, 1)));

            var result =
                    capstan.run(
                            "get", origin.uri("/gone").toString(), origin.uri("/good").toString());

            assertThat(result.exit()).isEqualTo(3);
            assertThat(result.out()).endsWith("  good\n");
        }
    }

    private void check(int exit, String word, String... arguments) throws Exception {
        var result = capstan.run(arguments);

        assertThat(result.exit()).as(result.err()).isEqualTo(exit);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().filter(line -> line.startsWith("capstan: ")).toList())
                .as(result.err())
                .isNotEmpty()
                .anySatisfy(line -> assertThat(line).contains(word));
        assertThat(result.err()).doesNotContain("\tat ").doesNotContain("Exception");
        try (Stream<Path> left = Files.list(capstan.folder())) {
            assertThat(left).isEmpty();
        }
    }
}
