package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.digest;
import static dev.capstan.content.file.TestStore.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.Content;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.Placed;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** P6, P13, S3: human names. */
@Timeout(60)
class PlaceTest {
    private static final byte[] BYTES = bytes(1, 100_000);

    @TempDir Path root;
    private Path out;
    private TestStore test;
    private Content content;

    @BeforeEach
    void open() throws Exception {
        out = root.resolve("out/deep");
        test = new TestStore(root);
        content = test.store("a", BYTES);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private Placed place(String name) throws Exception {
        return test.store.place(content.digest(), out, name);
    }

    private List<String> names(Path folder) {
        return List.of(folder.toFile().list());
    }

    @Test
    void p6AHardLinkCostsNoBlocksAndIsReadOnly() throws Exception {
        var placed = place("song.flac");

        var expected = new Placed(out.resolve("song.flac"), sha256(BYTES), 100_000, false);
        assertThat(placed).isEqualTo(expected);
        assertThat(Files.isSameFile(placed.path(), content.path())).isTrue();
        assertThat(Files.getPosixFilePermissions(placed.path()).toString()).doesNotContain("WRITE");
        // The link changes the inode, not the bytes: opening must not hash again.
        assertThat(test.store.parts().index().get(content.digest()).file())
                .isEqualTo(FileState.of(content.path()));
        try (var reader = test.store.open(content.digest()).orElseThrow()) {
            assertThat(TestStore.read(reader, 0, 200_000)).isEqualTo(BYTES);
        }
    }

    @Test
    void p6EqualBytesThatAreThereAreLeftAsTheyAre() throws Exception {
        place("song.flac");
        assertThat(place("song.flac").wasThere()).isTrue();
        Files.write(out.resolve("copy.flac"), BYTES);
        var modified = Files.getLastModifiedTime(out.resolve("copy.flac"));
        var placed = place("copy.flac");
        assertThat(placed.wasThere()).isTrue();
        assertThat(placed.path()).isEqualTo(out.resolve("copy.flac"));
        assertThat(Files.getLastModifiedTime(placed.path())).isEqualTo(modified);
        assertThat(names(out)).containsExactlyInAnyOrder("song.flac", "copy.flac");
    }

    @Test
    void p6ATakenNameIsNumberedAndNeverWrittenOver() throws Exception {
        Files.createDirectories(out);
        Files.writeString(out.resolve("song.flac"), "mine");
        Files.createDirectory(out.resolve("song.1.flac"));
        var placed = place("song.flac");
        assertThat(placed.path()).isEqualTo(out.resolve("song.2.flac")).hasBinaryContent(BYTES);
        assertThat(out.resolve("song.flac")).hasContent("mine");
        assertThat(place("song.flac").wasThere()).isTrue();
    }

    @Test
    void s3ASymbolicLinkAtTheTargetIsNotFollowed() throws Exception {
        Files.createDirectories(out);
        var victim = root.resolve("victim");
        Files.writeString(victim, "mine");
        Files.createSymbolicLink(out.resolve("song.flac"), victim);
        Files.createSymbolicLink(out.resolve("song.1.flac"), root.resolve("nowhere"));
        Files.createSymbolicLink(out.resolve("song.2.flac"), content.path());
        var placed = place("song.flac");
        assertThat(placed.path().getFileName()).hasToString("song.3.flac");
        assertThat(victim).hasContent("mine");
        assertThat(root.resolve("nowhere")).doesNotExist();
    }

    @Test
    void s3OnlyOneSafeNameInAnAbsoluteFolderIsTaken() {
        for (var name : List.of("", ".", "..", "a/b", "../a", "/etc/x")) {
            assertThatThrownBy(() -> place(name))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> test.store.place(content.digest(), Path.of("out"), "a"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFolderThatCannotBeMadeIsTold() throws Exception {
        Files.writeString(root.resolve("file"), "mine");
        for (var folder : List.of(root.resolve("file"), root.resolve("file/below"))) {
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> test.store.place(content.digest(), folder, "a"))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.IO))
                    .satisfies(e -> assertThat(e.detail()).isEqualTo(Detail.FOLDER));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsTold() throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(Path.of("/proc/self")), "skipped: there is no /proc");
        for (var folder : List.of(Path.of("/proc/self"), Path.of("/proc/self/out"))) {
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> test.store.place(content.digest(), folder, "a"))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.IO))
                    .satisfies(e -> assertThat(e.detail()).isEqualTo(Detail.FOLDER))
                    .withMessageContaining(folder.toString());
        }
    }

    @Test
    void contentThatIsGoneIsTold() {
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> test.store.place(sha256(new byte[7]), out, "a"))
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.NOT_FOUND));
    }

    @Test
    void p6ItIsFoundByItsOtherDigestToo() throws Exception {
        try (var ingest = test.ingest("b")) {
            TestStore.fill(ingest, BYTES);
            var md5 = digest("md5", BYTES);
            test.store.commit(ingest, new CommitRequest(Set.of(md5), Set.of()));
            assertThat(test.store.place(md5, out, "b").path()).hasBinaryContent(BYTES);
        }
    }

    @Test
    void p6ManyAtOnceUnderOneNameDisturbNothing() throws Exception {
        var others = new ArrayList<Content>();
        for (var i = 0; i < 4; i++) {
            others.add(test.store("other" + i, bytes(50 + i, 1000)));
        }
        var placings = new ArrayList<CompletableFuture<Placed>>();
        for (var i = 0; i < 32; i++) {
            var digest = others.get(i % 4).digest();
            placings.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return test.store.place(digest, out, "same.bin");
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            }));
        }
        var paths = new HashSet<Path>();
        for (var placing : placings) {
            paths.add(placing.get().path());
        }
        assertThat(paths).hasSize(4);
        assertThat(names(out)).hasSize(4);
    }

    private Path otherVolume() throws Exception {
        var shm = Path.of("/dev/shm");
        Assumptions.assumeTrue(Files.isWritable(shm), "skipped: no /dev/shm to write to");
        return Files.createTempDirectory(shm, "capstan-test");
    }

    @Test
    void p6OnAnotherVolumeItIsACopyAndNothingElseIsLeft() throws Exception {
        var folder = otherVolume();
        try {
            Files.writeString(folder.resolve("a.bin"), "mine");
            // What a copy that was cut short had left is used up.
            var placed = test.store.place(content.digest(), folder, "a.bin");
            assertThat(placed.path()).isEqualTo(folder.resolve("a.1.bin")).hasBinaryContent(BYTES);
            assertThat(placed.wasThere()).isFalse();
            assertThat(test.store.place(content.digest(), folder, "a.bin").wasThere()).isTrue();
            assertThat(names(folder)).containsExactlyInAnyOrder("a.bin", "a.1.bin");
            assertThat(test.store.evict(content.digest())).isTrue();
        } finally {
            Disk.removeFolder(folder);
        }
    }

    @Test
    void p6AnInterruptedCopyLeavesNothing() throws Exception {
        var folder = otherVolume();
        try {
            var placing =
                    new FutureTask<>(
                            () -> {
                                Thread.currentThread().interrupt();
                                return test.store.place(content.digest(), folder, "a.bin");
                            });
            new Thread(placing).start();
            assertThatThrownBy(placing::get).hasCauseInstanceOf(InterruptedException.class);
            assertThat(folder).isEmptyDirectory();
        } finally {
            Disk.removeFolder(folder);
        }
    }

    @Test
    void p13ALocalFileIsCopiedWithItsDigestAndIsNoContent() throws Exception {
        var bytes = bytes(9, 50_000);
        var file = root.resolve("local.bin");
        Files.write(file, bytes);

        var placed = test.store.placeLocal(file, out, "local.bin");

        assertThat(placed)
                .isEqualTo(new Placed(out.resolve("local.bin"), sha256(bytes), 50_000, false));
        assertThat(placed.path()).hasBinaryContent(bytes);
        assertThat(Files.isSameFile(placed.path(), file)).isFalse();
        assertThat(test.store.placeLocal(file, out, "local.bin").wasThere()).isTrue();
        assertThat(test.store.placeLocal(file, root, "local.bin").wasThere()).isTrue();
        Files.write(file, bytes(10, 50_000));
        assertThat(test.store.placeLocal(file, out, "local.bin").path())
                .isEqualTo(out.resolve("local.1.bin"));
        assertThat(test.store.find(sha256(bytes))).isEmpty();
        assertThat(names(out)).hasSize(2);
    }

    @Test
    void p13AMissingLocalFileIsTold() {
        for (var missing : List.of(root.resolve("nothing"), root)) {
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> test.store.placeLocal(missing, out, "x"))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.NOT_FOUND));
        }
    }
}
