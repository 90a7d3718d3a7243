package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to a packaged host when there is much, when the database is damaged, when a disk is
 * full.
 */
class TroubleTest {
    private static final int MIB = 1 << 20;

    @TempDir Path root;
    private final List<Path> mounts = new ArrayList<>();

    @AfterEach
    void unmount() throws Exception {
        for (var mount : mounts) {
            command("umount", "-l", mount.toString());
        }
    }

    @Test
    void tenThousandLinksAreThereAfterARestart() throws Exception {
        var capstan = new Capstan(root);
        var links =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "http://127.0.0.1:1/file-" + i)
                        .collect(Collectors.joining("\n"));
        Files.writeString(capstan.folder().resolve("links"), links);
        try (var host = capstan.startHost()) {
            var added = capstan.run("add", "--paused", "-i", "links");
            assertThat(added.exit()).as(added.err()).isZero();
            assertThat(host.terminate().exit()).isZero();
        }

        try (var host = capstan.startHost()) {
            var listed = capstan.run("ls", "-n", "10000");
            var found = capstan.run("ls", "-q", "file-1234");

            assertThat(listed.out().lines().filter(line -> line.contains("file-")))
                    .as(listed.err())
                    .hasSize(10_000)
                    .doesNotHaveDuplicates();
            assertThat(found.out().lines().filter(line -> line.contains("file-1234"))).hasSize(1);
            assertThat(host.terminate().exit()).isZero();
        }
    }

    @Test
    void aDamagedDatabaseIsSetAsideAndTheHostGoesOn() throws Exception {
        var capstan = new Capstan(root);
        try (var origin = Origin.plain()) {
            origin.serve("/f", Resource.of(Body.random(10_000, 1)));
            assertThat(capstan.run("get", origin.uri("/f").toString()).exit()).isZero();
            try (var files = Files.list(capstan.data().resolve("db"))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
                        raw.write(new byte[(int) Math.min(8192, raw.length())]);
                    }
                }
            }

            var again = capstan.run("get", origin.uri("/f").toString());

            assertThat(again.exit()).as(again.err()).isZero();
            assertThat(again.err()).contains("damaged").doesNotContain("\tat ");
            assertThat(capstan.data().resolve("db"))
                    .isDirectoryContaining(
                            path -> path.getFileName().toString().contains("damaged"));
            // The store outlives the queue: what it has is not fetched again.
            assertThat(origin.bodyBytes()).isEqualTo(10_000);
        }
    }

    @Test
    void aFullDiskMakesADownloadWaitUntilThereIsSpace() throws Exception {
        var small = smallDisk(160);
        var capstan = new Capstan(small);
        try (var origin = Origin.plain();
                var host = capstan.startHost()) {
            origin.serve("/f", Resource.of(Body.random(24L * MIB, 1)).pace(16 * MIB));
            var ballast = Files.write(small.resolve("ballast"), new byte[100 * MIB]);

            var added = capstan.run("add", origin.uri("/f").toString());
            assertThat(added.exit()).as(added.err()).isZero();
            awaitListed(capstan, "disk full");
            Files.delete(ballast);
            awaitListed(capstan, "completed");

            assertThat(capstan.data().resolve("downloads/f")).hasSize(24L * MIB);
            assertThat(host.terminate().exit()).isZero();
        }
    }

    @Test
    void aFullDiskEndsACommandLineCallThatCanBeRepeated() throws Exception {
        var small = smallDisk(160);
        var capstan = new Capstan(small);
        try (var origin = Origin.plain()) {
            origin.serve("/f", Resource.of(Body.random(24L * MIB, 1)));
            var ballast = Files.write(small.resolve("ballast"), new byte[100 * MIB]);

            var full = capstan.run("get", origin.uri("/f").toString());
            Files.delete(ballast);
            var again = capstan.run("get", origin.uri("/f").toString());

            assertThat(full.exit()).as(full.err()).isEqualTo(9);
            assertThat(again.exit()).as(again.err()).isZero();
        }
    }

    private static void awaitListed(Capstan capstan, String word) throws Exception {
        var control = new Control(capstan.data(), capstan.folder());
        Capstan.await(
                word,
                () -> {
                    try {
                        return control.call("ls").out().contains(word);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private Path smallDisk(int mebibytes) throws Exception {
        var mount = Files.createDirectories(root.resolve("small"));
        assumeTrue(
                command(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + mebibytes + "m",
                                "tmpfs",
                                mount.toString())
                        == 0,
                "skipped: needs the right to mount a tmpfs");
        mounts.add(mount);
        return mount;
    }

    private static int command(String... words) throws Exception {
        return new ProcessBuilder(words).start().waitFor();
    }
}
