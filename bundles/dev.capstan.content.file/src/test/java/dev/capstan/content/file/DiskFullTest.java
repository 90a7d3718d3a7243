package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.NOTHING_PROMISED;
import static dev.capstan.content.file.TestStore.NO_LIMITS;
import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.identity;
import static dev.capstan.content.file.TestStore.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** S10, P4: a volume of 16 MiB that is really full. */
@Timeout(60)
class DiskFullTest {
    private static final int VOLUME = 16 << 20;

    @TempDir Path root;
    private Path volume;
    private boolean mounted;
    private TestStore test;

    @BeforeEach
    void mount() throws Exception {
        volume = Files.createDirectory(root.resolve("volume"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", volume.toString());
        Assumptions.assumeTrue(mounted, "skipped: only root can mount a small volume");
        test = new TestStore(volume);
    }

    @AfterEach
    void unmount() throws Exception {
        if (test != null) {
            test.close();
        }
        if (mounted) {
            assertThat(run("umount", volume.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command).inheritIO().start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Path fillVolume() throws IOException {
        var ballast = volume.resolve("ballast");
        try (var out = Files.newOutputStream(ballast)) {
            var block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            return ballast;
        }
    }

    private static void isFull(Filler filler, byte[] bytes, int from, int to) throws Exception {
        try (var lane = filler.lane(from)) {
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> lane.write(ByteBuffer.wrap(bytes, from, to - from)))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.DISK_FULL))
                    .withMessageContaining("make room");
            assertThat(lane.position()).isEqualTo(from);
        }
    }

    @Test
    void s10AFullVolumeIsToldAndTheDownloadGoesOnWhenThereIsRoom() throws Exception {
        var bytes = bytes(1, 6 << 20);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(bytes.length, "v"));
            write(filler, bytes, 0, 1 << 20);
            var ballast = fillVolume();
            isFull(filler, bytes, 1 << 20, 2 << 20);
            isFull(filler, bytes, 4 << 20, 5 << 20);
            assertThat(ingest.downloaded()).isEqualTo(1 << 20);
            filler.checkpoint();

            Files.delete(ballast);
            write(filler, bytes, 1 << 20, bytes.length);
        }
        try (var ingest = test.ingest("a")) {
            var ballast = fillVolume();
            // A rename needs no room; the index does, and is written when there is some.
            var content = test.store.commit(ingest, NOTHING_PROMISED);
            assertThat(content.path()).hasBinaryContent(bytes);
            Files.delete(ballast);
        }
        test.close();
        test = new TestStore(volume);
        var content = test.store.find(TestStore.source("a")).orElseThrow();
        assertThat(content.path()).hasBinaryContent(bytes);
        assertThat(test.layout.staging()).isEmptyDirectory();
    }

    @Test
    void p4WhatDoesNotFitIsToldBeforeTheFirstByte() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> filler.identify(identity(VOLUME, "v")))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.DISK_FULL))
                    .withMessageContaining("16.0 MiB are needed");
            assertThat(ingest.identity()).isEqualTo(Identity.UNKNOWN);
        }
    }

    @Test
    void p4RunningTransfersAreReservedFor() throws Exception {
        try (var one = test.ingest("a");
                var two = test.ingest("b");
                var first = one.fill().orElseThrow();
                var second = two.fill().orElseThrow()) {
            first.identify(identity(10 << 20, "v"));
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> second.identify(identity(8 << 20, "v")))
                    .withMessageContaining("8.0 MiB are needed besides 10.0 MiB of others");
            write(first, bytes(1, 10 << 20), 0, 10 << 20);
            second.identify(identity(5 << 20, "v"));
        }
    }

    @Test
    void p4AClaimThatNoVolumeCouldKeepCostsTheOthersNothing() throws Exception {
        try (var one = test.ingest("a");
                var two = test.ingest("b");
                var first = one.fill().orElseThrow();
                var second = two.fill().orElseThrow()) {
            first.identify(identity(1 << 20, "v"));
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> first.restart(identity(Long.MAX_VALUE / 2, "w")))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.DISK_FULL));

            second.identify(identity(5 << 20, "v"));

            assertThat(two.identity().length()).isEqualTo(5 << 20);
        }
    }

    @Test
    void p4UnpinnedContentGivesWay() throws Exception {
        test.close();
        var clock = new TestStore.Clock();
        test = new TestStore(volume, NO_LIMITS, clock, Steps.NONE);
        var old = test.store("old", bytes(1, 6 << 20));
        var kept = test.store("kept", bytes(2, 6 << 20));
        test.store.pin(kept.digest(), "record:1");
        clock.advance(java.time.Duration.ofHours(1));
        try (var ingest = test.ingest("new");
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(8 << 20, "v"));
        }
        assertThat(test.store.find(old.digest())).isEmpty();
        assertThat(test.store.find(kept.digest())).isPresent();
    }

    @Test
    void s10ACopyThatDoesNotFitLeavesNothing() throws Exception {
        var source = root.resolve("source.bin");
        Files.write(source, bytes(1, 20 << 20));
        var folder = volume.resolve("downloads");
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> test.store.placeLocal(source, folder, "a.bin"))
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.DISK_FULL));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void s10WithoutRoomForAJournalNothingBegins() throws Exception {
        var ballast = fillVolume();
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> test.ingest("a"))
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.DISK_FULL));
        Files.delete(ballast);
        test.store("a", bytes(1, 1000));
    }
}
