package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.SourceKey;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final Path FOLDER = Path.of("/downloads");
    private static final SourceKey ONE = SourceKey.parse("acme:1");
    private static final SourceKey OTHER = SourceKey.parse("acme:2");

    private final Names names = new Names();

    @Test
    void twoDownloadsOfOneNameGetDistinctFiles() {
        assertThat(names.take(FOLDER, "a.bin", ONE).name()).isEqualTo("a.bin");
        assertThat(names.take(FOLDER, "a.bin", OTHER).name()).isEqualTo("a.1.bin");
        assertThat(names.take(FOLDER, "a.bin", SourceKey.parse("acme:3")).name())
                .isEqualTo("a.2.bin");
    }

    @Test
    void s3_namesThatAreOneOnSomeFileSystemDoNotMeet() {
        names.take(FOLDER, "Übung.txt", ONE);
        // Upper case, and the same letter in two parts.
        assertThat(names.take(FOLDER, "U\u0308BUNG.TXT", OTHER).name())
                .isNotEqualToIgnoringCase("Übung.txt");
    }

    @Test
    void theSameBytesMayShareANameAndOtherFoldersDoNotMatter() {
        names.take(FOLDER, "a.bin", ONE);
        assertThat(names.take(FOLDER, "a.bin", ONE).name()).isEqualTo("a.bin");
        assertThat(names.take(Path.of("/other"), "a.bin", OTHER).name()).isEqualTo("a.bin");
    }

    @Test
    void aNameIsFreeWhenTheLastOneGaveItBack() {
        var first = names.take(FOLDER, "a.bin", ONE);
        var second = names.take(FOLDER, "a.bin", ONE);
        names.giveBack(first);
        assertThat(names.take(FOLDER, "a.bin", OTHER).name()).isEqualTo("a.1.bin");
        names.giveBack(second);
        assertThat(names.take(FOLDER, "a.bin", SourceKey.parse("acme:3")).name())
                .isEqualTo("a.bin");
    }
}
