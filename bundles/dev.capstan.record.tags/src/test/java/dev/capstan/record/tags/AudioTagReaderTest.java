package dev.capstan.record.tags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capstan.download.DownloadException;
import dev.capstan.record.spi.TagReader.Tags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found in files that a real encoder wrote, and in those nobody wrote. */
class AudioTagReaderTest {
    @TempDir Path folder;

    private final AudioTagReader reader = new AudioTagReader();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "audio/mpeg, mp3",
        "audio/flac, flac",
        "audio/ogg, ogg",
        "audio/mp4, m4a",
    })
    void tagsAndLengthAreFound(String mediaType, String extension) throws Exception {
        var file = encoded(extension);

        var tags = reader.read(file, mediaType);

        assertThat(tags.tags())
                .containsEntry("title", "Ein Lied")
                .containsEntry("artist", "Jemand")
                .containsEntry("album", "Eine Platte");
        assertThat(tags.duration()).isNotNull();
        assertThat(tags.duration().toMillis() / 1_000.0).isCloseTo(2, within(0.3));
    }

    @Test
    void theLengthOfAPlainWaveIsFound() throws Exception {
        var tags = reader.read(wave(), "audio/wav");

        assertThat(tags.duration()).hasSeconds(1);
        assertThat(tags.tags()).isEmpty();
    }

    @Test
    void whatIsNoMediaIsAnErrorAndStaysAsItIs() throws IOException {
        var noise = new byte[50_000];
        new Random(1).nextBytes(noise);
        var file = Files.write(folder.resolve("noise"), noise);
        file.toFile().setReadOnly();

        for (var type : new String[] {"audio/flac", "audio/mp4", "audio/ogg"}) {
            assertThatThrownBy(() -> reader.read(file, type)).isInstanceOf(DownloadException.class);
        }

        assertThat(file).hasBinaryContent(noise);
    }

    @Test
    void whatItDoesNotKnowHasNoTags() throws Exception {
        assertThat(reader.read(folder.resolve("any"), "video/webm")).isEqualTo(Tags.NONE);
    }

    /** A file of an encoder, under a name without extension, as content has it. */
    private Path encoded(String extension) throws IOException, InterruptedException {
        var file = folder.resolve("song." + extension);
        Process process;
        try {
            process =
                    new ProcessBuilder(
                                    "ffmpeg",
                                    "-loglevel",
                                    "error",
                                    "-f",
                                    "lavfi",
                                    "-i",
                                    "sine=frequency=440:duration=2",
                                    "-metadata",
                                    "title=Ein Lied",
                                    "-metadata",
                                    "artist=Jemand",
                                    "-metadata",
                                    "album=Eine Platte",
                                    file.toString())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            // Skipped where it is missing, and never in CI.
            assumeTrue(System.getenv("CI") != null, "ffmpeg is not installed");
            throw e;
        }
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var encoded = process.exitValue() == 0;
        assumeTrue(encoded || System.getenv("CI") != null, "ffmpeg has no such encoder: " + said);
        assertThat(encoded).as(said).isTrue();
        return Files.move(file, folder.resolve("content"));
    }

    private Path wave() throws IOException {
        var rate = 8_000;
        var wave = ByteBuffer.allocate(44 + rate).order(ByteOrder.LITTLE_ENDIAN);
        wave.put("RIFF".getBytes()).putInt(36 + rate).put("WAVEfmt ".getBytes()).putInt(16);
        wave.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(rate);
        wave.putShort((short) 1).putShort((short) 8).put("data".getBytes()).putInt(rate);
        return Files.write(folder.resolve("wave"), wave.array());
    }
}
