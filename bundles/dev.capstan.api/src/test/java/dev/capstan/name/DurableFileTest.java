package dev.capstan.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void setUp() {
        file = folder.resolve("list.json");
    }

    @Test
    void isWrittenAndReplacedWhole() throws Exception {
        DurableFile.write(file, "a longer text than the next, with a ŵ");
        assertThat(file).hasContent("a longer text than the next, with a ŵ");

        DurableFile.write(file, "short");

        assertThat(file).hasContent("short");
        assertThat(folder.toFile().list()).containsExactly("list.json");
    }

    @Test
    void whatAKillLeftIsInNobodysWay() throws Exception {
        Files.writeString(unfinished(), "half of a tex");

        DurableFile.write(file, "whole");

        assertThat(file).hasContent("whole");
        assertThat(unfinished()).doesNotExist();
    }

    @Test
    void aLinkUnderEitherNameIsReplacedAndNotFollowed(@TempDir Path elsewhere) throws Exception {
        var foreign = Files.writeString(elsewhere.resolve("foreign"), "keep");
        Files.createSymbolicLink(unfinished(), foreign);
        Files.createSymbolicLink(file, foreign);

        DurableFile.write(file, "ours");

        assertThat(foreign).hasContent("keep");
        assertThat(file).hasContent("ours").matches(path -> !Files.isSymbolicLink(path));
    }

    @Test
    void whoMayReadItIsSoFromTheStart() throws Exception {
        var owner = PosixFilePermissions.fromString("rw-------");

        DurableFile.write(file, "secret", PosixFilePermissions.asFileAttribute(owner));

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(owner);
    }

    @Test
    void whatCannotBePutThereLeavesNothingBehind() throws Exception {
        Files.createDirectory(file);
        Files.createFile(file.resolve("in the way"));

        assertThatThrownBy(() -> DurableFile.write(file, "text")).isInstanceOf(IOException.class);

        assertThat(file.resolve("in the way")).exists();
        assertThat(unfinished()).doesNotExist();
    }

    @Test
    void anInterruptLeavesTheFileAsItWas() throws Exception {
        DurableFile.write(file, "old");

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> DurableFile.write(file, "new"))
                .isInstanceOf(ClosedByInterruptException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasContent("old");
        assertThat(unfinished()).doesNotExist();
    }

    @Test
    void isDeletedIfItIsThere() throws Exception {
        DurableFile.write(file, "text");

        DurableFile.delete(file);
        DurableFile.delete(file);

        assertThat(file).doesNotExist();
    }

    private Path unfinished() {
        return folder.resolve("list.json" + DurableFile.UNFINISHED);
    }
}
