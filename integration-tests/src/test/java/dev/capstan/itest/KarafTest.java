package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.kit.BuiltRepository;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** H7: the engine as a feature of Karaf, started without a terminal. Runs with -Pkaraf. */
@EnabledIfSystemProperty(named = "capstan.karaf", matches = ".+")
class KarafTest {
    private final Path karaf = Path.of(System.getProperty("capstan.karaf", "."));
    private final Path features = Path.of("../runtime/target/capstan-karaf-features.xml");
    @TempDir Path root;

    private BuiltRepository repository;

    @BeforeEach
    void configure() throws IOException {
        repository = BuiltRepository.make(root.resolve("repository"));
        delete(karaf.resolve("data"));
        Files.createDirectories(karaf.resolve("data"));
        var boot = karaf.resolve("etc/org.apache.karaf.features.cfg");
        Files.writeString(
                boot,
                """
                featuresRepositories = %s, \\
                    mvn:org.apache.karaf.features/framework/4.4.8/xml/features
                featuresBoot = framework/4.4.8, capstan-core
                featuresBootAsynchronous = false
                """
                        .formatted(features.toRealPath().toUri()));
        Files.writeString(
                karaf.resolve("etc/org.ops4j.pax.url.mvn.cfg"),
                """
                org.ops4j.pax.url.mvn.localRepository = %s
                org.ops4j.pax.url.mvn.defaultRepositories = \\
                    ${karaf.home.uri}${karaf.default.repository}@id=system@snapshots
                org.ops4j.pax.url.mvn.repositories =
                """
                        .formatted(repository.folder()));
        var properties = karaf.resolve("etc/system.properties");
        var without =
                Files.readAllLines(properties).stream()
                        .filter(line -> !line.startsWith("capstan."))
                        .toList();
        Files.write(properties, without);
        Files.writeString(
                properties,
                "capstan.data = " + root.resolve("data") + "\n",
                StandardOpenOption.APPEND);
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    @Test
    @DisplayName("H7: installed from its features file, the engine completes a download")
    void theEngineDownloadsInKaraf() throws Exception {
        var builder = new ProcessBuilder(karaf.resolve("bin/karaf").toString(), "server");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var log = root.resolve("karaf.log");
        var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try (var origin = Origin.plain()) {
            var body = Body.random(3_000_000, 1);
            origin.serve("/file.bin", Resource.of(body));
            var data = root.resolve("data");
            // Karaf starts itself first, and then all of the feature.
            Capstan.await(
                    "the host is there",
                    Duration.ofMinutes(3),
                    () -> Files.exists(data.resolve("run/ctl.sock")));

            var control = new Control(data, root);
            var id = control.add(origin.uri("/file.bin").toString());
            Capstan.await("the download ends", () -> show(control, id).isEnded());

            var row = show(control, id);
            assertThat(row.state()).as(row.json()).isEqualTo("COMPLETED");
            assertThat(Path.of(row.path())).hasBinaryContent(body.bytes());
            assertThat(control.done("hosts")).contains("direct");
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static Control.Row show(Control control, String id) {
        try {
            return control.show(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var tree = Files.walk(folder)) {
                for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
