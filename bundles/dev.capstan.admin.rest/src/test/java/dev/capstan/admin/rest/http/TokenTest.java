package dev.capstan.admin.rest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    @TempDir private Path folder;

    @Test
    void theFirstStartMakesATokenThatOnlyItsOwnerReads() throws Exception {
        var token = new Token(folder);

        var text = Files.readString(token.file()).strip();
        assertThat(text).matches("[A-Za-z0-9_-]{43}"); // 256 bits, URL-safe
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token.file())))
                .isEqualTo("rw-------");
        assertThat(token.is(text)).isTrue();
        assertThat(token.is(text + "x")).isFalse();
        assertThat(token.is("")).isFalse();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(token.file());
        }
    }

    @Test
    void laterStartsHaveTheSameOne() throws Exception {
        var text = Files.readString(new Token(folder).file()).strip();

        assertThat(new Token(folder).is(text)).isTrue();
    }

    @Test
    void anEmptyFileIsNoToken() throws Exception {
        Files.writeString(folder.resolve("token"), "\n");

        assertThatThrownBy(() -> new Token(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("delete it");
    }
}
