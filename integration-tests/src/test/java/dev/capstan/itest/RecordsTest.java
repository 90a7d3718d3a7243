package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Etched records in the packaged program. */
class RecordsTest {
    private static final int SIZE = 3_000_000;

    @TempDir Path root;

    @Test
    @DisplayName("E1, E3, E11: by the verbs, and killed in the middle of etching")
    void recordsLiveThroughAKill() throws Exception {
        var capstan = new Capstan(root);
        var songs = new Control(capstan.data(), capstan.folder());
        try (var origin = Origin.plain()) {
            origin.serve("/song.mp3", Resource.of(song(1)));
            origin.serve("/slow.mp3", Resource.of(song(2)).pace(500_000));
            var link = origin.uri("/song.mp3").toString();
            try (var host = capstan.startHost()) {
                assertThat(songs.done("etch", "First song", link)).contains("audio/mpeg");
                assertThat(songs.call("etch", "ab", link).exit()).isEqualTo(28);
                assertThat(songs.call("etch", "Over ftp", "ftp://127.0.0.1/a").exit())
                        .isEqualTo(28);
                assertThat(origin.log()).hasSize(1);
                assertThat(origin.bodyBytes()).isEqualTo(SIZE);
                assertThat(songs.done("cache", "ls").lines().skip(1)).hasSize(1);
                assertThat(songs.list()).isEmpty();

                CompletableFuture.supplyAsync(
                        () -> etched(songs, origin.uri("/slow.mp3").toString()));
                Capstan.await("half of it", () -> origin.bodyBytes() > SIZE + SIZE / 4);
                host.kill();
            }
            assertThat(origin.bodyBytes()).as("killed while etching").isLessThan(2L * SIZE);
            try (var host = capstan.startHost()) {
                Capstan.await("nothing left", () -> isEmpty(capstan.data().resolve("staging")));
                assertThat(songs.list()).isEmpty();
                assertThat(songs.done("records").lines().skip(1))
                        .singleElement(STRING)
                        .endsWith("First song");
                try (var files = Files.list(capstan.data().resolve("records"))) {
                    assertThat(files).hasSize(1);
                }
                assertThat(songs.done("cache", "ls").lines().skip(1)).hasSize(1);
                assertThat(host.terminate().exit()).isZero();
            }
        }
    }

    private static Control.Answer etched(Control songs, String link) {
        try {
            return songs.call("etch", "Slow song", link);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Body song(int seed) {
        var bytes = Body.random(SIZE, seed).bytes();
        var tag = "ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(tag, 0, bytes, 0, tag.length);
        return Body.of(bytes);
    }

    private static boolean isEmpty(Path folder) {
        try (var files = Files.exists(folder) ? Files.list(folder) : Stream.<Path>empty()) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false; // it is being emptied
        }
    }
}
