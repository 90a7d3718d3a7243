package dev.capstan.feature.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that installs one version of a feature after another, and is killed. */
class KilledInstallationTest {
    private static final String NAME = "pair";

    @TempDir Path root;

    @ParameterizedTest(name = "with {0} of its three files")
    @ValueSource(ints = {0, 1, 2})
    @DisplayName("H5: killed at any write, what was installed is there as a whole, and once")
    void killed(int files) throws Exception {
        var features = root.resolve("features");
        var acknowledged = versionsSaidUntilKilled(features, files);

        var found = new Installations(features).find(NAME).orElseThrow();

        var version = found.jars().get(0).version().getMajor();
        assertThat(version).isBetween(acknowledged, acknowledged + 1);
        assertThat(found.location()).isEqualTo(location(version));
        assertThat(found.feature()).hasContent(json(version));
        assertThat(found.jars())
                .extracting(Jar::toString)
                .containsExactly("one " + version + ".0.0", "two " + version + ".0.0");
        try (var kept = Files.list(features)) {
            assertThat(kept).as("its folder, and the file that names it").hasSize(2);
        }
    }

    /** Kills it while a version has so many files, be it on its way in or out. */
    private int versionsSaidUntilKilled(Path features, int files) throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Installing.class.getName(),
                                root.toString(),
                                features.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var out = process.inputReader()) {
            var said = 0;
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                // A line may be cut by the kill.
                said = line.endsWith(".") ? said + 1 : said;
                if (said == 1) {
                    awaitVersionWith(features, files);
                    // The handle leaves the pipe open: what was said before is still read.
                    process.toHandle().destroyForcibly();
                }
            }
            assertThat(said).isPositive();
            return said;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void awaitVersionWith(Path features, int files) throws IOException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < end) {
            for (var entry : list(features)) {
                if (Files.isDirectory(entry) && list(entry).size() == files) {
                    return;
                }
            }
        }
        throw new AssertionError("No version was seen with " + files + " files");
    }

    /** What changes meanwhile is looked at again. */
    private static List<Path> list(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.toList();
        } catch (NoSuchFileException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static URI location(int version) {
        return URI.create("file:/pair-" + version);
    }

    private static String json(int version) {
        return "{\"id\": \"test:pair:" + version + "\"}";
    }

    /** Runs in a process of its own, from version 1 on. */
    static final class Installing {
        private Installing() {}

        public static void main(String[] arguments) throws Exception {
            var root = Path.of(arguments[0]);
            var installations = new Installations(Path.of(arguments[1]));
            for (var version = 1; ; version++) {
                var number = version + ".0.0";
                var jars =
                        List.of(
                                Jar.read(TestBundle.of("one", number).in(root)),
                                Jar.read(TestBundle.of("two", number).in(root)));
                var feature = Files.writeString(root.resolve("feature.json"), json(version));
                installations.commit(installations.prepare(NAME, location(version), feature, jars));
                System.out.println(version + ".");
            }
        }
    }
}
