package dev.capstan.secret.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes without pause, with a generous umask, and is killed. */
class KilledWriterTest {
    private static final int MODES_TO_SEE = 2_000;

    @TempDir Path data;

    @RepeatedTest(3)
    void S7_no_file_is_ever_readable_by_others_and_a_kill_leaves_a_whole_secret() throws Exception {
        var folder = data.resolve("secrets");
        var writer =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "umask 000; exec \"$@\"",
                                "sh",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                folder.toString())
                        .redirectErrorStream(true)
                        .start();
        var modes = new TreeSet<String>();
        try {
            assertThat(writer.getInputStream().read()).as("the writer has begun").isEqualTo('.');
            for (var seen = 0; seen < MODES_TO_SEE; ) {
                seen += modesOf(folder, modes);
            }
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertThat(modes).containsExactly("rw-------");
        assertThat(new FileSecrets(folder, name -> null).get("file:secret"))
                .hasValueSatisfying(secret -> assertThat(secret).matches("(.)\\1{999}"));
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("secret"));
    }

    private static int modesOf(Path folder, TreeSet<String> modes) throws IOException {
        var seen = 0;
        for (var file : list(folder)) {
            try {
                modes.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                seen++;
            } catch (NoSuchFileException renamed) {
                continue;
            }
        }
        return seen;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (DirectoryIteratorException | UncheckedIOException e) {
            return List.of();
        }
    }

    /** Runs in a process of its own. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            var secrets = new FileSecrets(Path.of(arguments[0]), name -> null);
            for (var n = 0; ; n++) {
                secrets.put("secret", Character.toString('a' + n % 26).repeat(1_000));
                if (n == 0) {
                    System.out.print('.');
                    System.out.flush();
                }
            }
        }
    }
}
