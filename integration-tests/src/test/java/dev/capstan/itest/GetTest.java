package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code capstan get} does for a newcomer, as a process against a real socket. */
class GetTest {
    private static final int SIZE = 3_000_000;

    @TempDir Path root;
    private Capstan capstan;

    @BeforeEach
    void makeRoom() throws IOException {
        capstan = new Capstan(root);
    }

    @Test
    void aLinkBecomesAVerifiedFileAndALineForSha256sum() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/a file.bin".replace(" ", "%20"), Resource.of(Body.random(SIZE, 1)));

            var result = capstan.run("get", "-d", "out", origin.uri("/a%20file.bin").toString());

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(capstan.folder().resolve("out/a file.bin")).hasSize(SIZE);
            assertThat(result.out()).matches("[0-9a-f]{64}  out/a file.bin\n");
            assertThat(sha256sumAccepts(result.out())).isTrue();
        }
    }

    @Test
    void theSecondRunMovesNoBody() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/f.bin", Resource.of(Body.random(SIZE, 2)));
            var link = origin.uri("/f.bin").toString();

            var first = capstan.run("get", link);
            var second = capstan.run("get", link);

            assertThat(second.exit()).as(second.err()).isZero();
            assertThat(second.out()).isEqualTo(first.out());
            assertThat(origin.bodyBytes()).isEqualTo(SIZE);
            assertThat(capstan.folder()).isDirectoryNotContaining("glob:**f.1*");
        }
    }

    @Test
    void theStoreServesASecondPlaceWithoutTheBody() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/f.bin", Resource.of(Body.random(SIZE, 3)));
            var link = origin.uri("/f.bin").toString();

            capstan.run("get", "-d", "one", link);
            var second = capstan.run("get", "-d", "two", link);

            assertThat(second.exit()).as(second.err()).isZero();
            assertThat(capstan.folder().resolve("two/f.bin")).hasSize(SIZE);
            assertThat(origin.bodyBytes()).isEqualTo(SIZE);
        }
    }

    @Test
    void manyLinksFromArgumentsAndAFileArriveTogether() throws Exception {
        try (var origin = Origin.plain()) {
            for (var i = 1; i <= 5; i++) {
                origin.serve("/f" + i, Resource.of(Body.random(100_000, i)));
            }
            Files.writeString(
                    capstan.folder().resolve("links"),
                    "# three more\n%s\n%s\n  out=renamed\n%s\n"
                            .formatted(origin.uri("/f3"), origin.uri("/f4"), origin.uri("/f5")));

            var result =
                    capstan.run(
                            "get",
                            "-i",
                            "links",
                            "-j",
                            "2",
                            origin.uri("/f1").toString(),
                            origin.uri("/f2").toString());

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.out().lines()).hasSize(5);
            assertThat(sha256sumAccepts(result.out())).isTrue();
            assertThat(capstan.folder().resolve("renamed")).hasSize(100_000);
        }
    }

    @Test
    void linksComeFromStandardInputToo() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/f", Resource.of(Body.random(1_000, 1)));

            var result = capstan.runWithInput(origin.uri("/f") + "\n", "get", "-i", "-");

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(capstan.folder().resolve("f")).hasSize(1_000);
        }
    }

    @Test
    void aHeaderReachesTheOriginAndAChosenNameIsKept() throws Exception {
        try (var origin = Origin.plain()) {
            var file =
                    Resource.of(Body.random(1_000, 1))
                            .header("Content-Disposition", "attachment; filename=\"theirs.txt\"");
            origin.serve("/f", file);

            var result =
                    capstan.run(
                            "get",
                            "--header",
                            "X-Canary: yes",
                            "-o",
                            "mine.txt",
                            origin.uri("/f").toString());
            var named = capstan.run("get", "-d", "sub", origin.uri("/f?2").toString());

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(named.exit()).as(named.err()).isZero();
            assertThat(capstan.folder().resolve("mine.txt")).hasSize(1_000);
            assertThat(capstan.folder().resolve("sub/theirs.txt")).hasSize(1_000);
            assertThat(origin.log().get(0).header("x-canary")).contains("yes");
        }
    }

    @Test
    void aLimitHolds() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/f", Resource.of(Body.random(2_000_000, 1)));

            var result =
                    capstan.run(
                            "get",
                            "--max-download-limit",
                            "1M",
                            "--json",
                            origin.uri("/f").toString());

            assertThat(result.exit()).as(result.err()).isZero();
            var seconds =
                    Double.parseDouble(
                            result.out().replaceAll("(?s).*\"seconds\":([0-9.]+).*", "$1"));
            // 2,000,000 bytes at 1 MiB a second, of which one second's worth may come at once.
            assertThat(seconds).isGreaterThan(0.8);
        }
    }

    @Test
    void jsonTellsEverythingOfAFileAndOfAFailure() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/f", Resource.of(Body.random(1_000, 1)));

            var result =
                    capstan.run(
                            "get",
                            "--json",
                            origin.uri("/f").toString(),
                            origin.uri("/gone").toString());

            assertThat(result.exit()).isEqualTo(3);
            assertThat(result.out().lines()).hasSize(2);
            assertThat(result.out())
                    .contains("\"state\":\"COMPLETED\"", "\"bytes\":1000", "\"exit\":0")
                    .contains("\"state\":\"FAILED\"", "\"class\":\"NOT_FOUND\"", "\"exit\":3");
        }
    }

    @Test
    void anInterruptedDownloadGoesOnWithTheSameCommand() throws Exception {
        try (var origin = Origin.plain()) {
            var size = 4_000_000;
            origin.serve("/f", Resource.of(Body.random(size, 1)).pace(1_000_000));
            var link = origin.uri("/f").toString();

            Capstan.Result interrupted;
            try (var running = capstan.start("get", "-x", "1", link)) {
                Capstan.await("half of it", () -> origin.bodyBytes() > size / 2);
                interrupted = running.interrupt();
            }
            var sent = origin.bodyBytes();
            origin.serve("/f", Resource.of(Body.random(size, 1)));
            var result = capstan.run("get", link);

            assertThat(interrupted.exit()).isEqualTo(7);
            assertThat(interrupted.err()).contains("same command");
            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(capstan.folder().resolve("f")).hasSize(size);
            assertThat(origin.bodyBytes() - sent).isLessThan(size / 2 + 1_000_000);
        }
    }

    @Test
    void aRunningHostTakesTheLinksAndFollowsThem() throws Exception {
        try (var origin = Origin.plain();
                var host = capstan.startHost()) {
            origin.serve("/f", Resource.of(Body.random(SIZE, 1)));

            var result = capstan.run("get", "-d", "out", origin.uri("/f").toString());
            var listed = capstan.run("ls");

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(capstan.folder().resolve("out/f")).hasSize(SIZE);
            assertThat(listed.out()).contains("completed");
            assertThat(host.terminate().exit()).isZero();
        }
    }

    private boolean sha256sumAccepts(String lines) throws Exception {
        var process =
                new ProcessBuilder("sha256sum", "-c", "--quiet")
                        .directory(capstan.folder().toFile())
                        .start();
        try (var stream = process.getOutputStream()) {
            stream.write(lines.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return process.waitFor() == 0;
    }

    @Test
    void aSecondHostOnTheSameFolderIsRefusedQuickly() throws Exception {
        try (var host = capstan.startHost()) {
            var second = capstan.run("run", "--no-shell");

            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.took()).isLessThan(Duration.ofSeconds(10));
            assertThat(second.err()).contains(Long.toString(javaPid(host.process())));
        }
    }

    @Test
    void aHostKilledTheHardWayLeavesNoObstacle() throws Exception {
        try (var host = capstan.startHost()) {
            host.kill();
        }
        try (var again = capstan.startHost()) {
            assertThat(capstan.run("ls").exit()).isZero();
            assertThat(again.terminate().exit()).isZero();
        }
    }

    /** The script replaces itself by Java, so both have one id. */
    private static long javaPid(Process process) {
        return process.pid();
    }
}
