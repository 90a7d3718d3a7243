package dev.capstan.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir Path folder;

    @Test
    void oneOwnsItAndOthersLearnWho() throws Exception {
        try (var first = DataFolder.open(folder);
                var second = DataFolder.open(folder)) {
            assertThat(first.own()).isTrue();
            assertThat(second.own()).isFalse();
            assertThat(second.owner()).isEqualTo("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void itIsFreeAgainWhenTheOwnerLeaves() throws Exception {
        try (var first = DataFolder.open(folder)) {
            assertThat(first.own()).isTrue();
        }
        try (var second = DataFolder.open(folder)) {
            assertThat(second.own()).isTrue();
        }
    }

    @Test
    void whatAKilledProcessLeftIsNoObstacle() throws Exception {
        Files.createDirectories(folder.resolve("run"));
        Files.writeString(folder.resolve("run/lock"), "999999999\n");
        Files.writeString(folder.resolve("run/ctl.sock"), "");

        try (var data = DataFolder.open(folder)) {
            assertThat(data.own()).isTrue();
            assertThat(folder.resolve("run/lock"))
                    .hasContent(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void itIsMadeForItsOwnerAlone() throws Exception {
        var data = folder.resolve("new/data");
        DataFolder.open(data).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(data.resolve("run"))))
                .isEqualTo("rwx------");
    }

    @Test
    void aFileInItsPlaceIsToldPlainly() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOfSatisfying(
                        LaunchException.class, e -> assertThat(e.exit()).isEqualTo(18))
                .hasMessage(
                        "The data folder %s cannot be used: a file is in the way. Name another with --data."
                                .formatted(file));
    }
}
