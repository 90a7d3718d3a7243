package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * H7: the feature {@code core} in a framework of somebody else's program, without the launcher and
 * in any order.
 */
class EmbeddingTest {
    private static final Pattern ID = Pattern.compile("\"[^:\"]+:([^:\"]+):([^:\"]+)\"");
    private static final String VERSION = System.getProperty("capstan.version");

    @TempDir Path root;

    @ParameterizedTest
    @DisplayName("H7: whatever order its bundles start and stop in, the engine downloads")
    @ValueSource(strings = {"org.apache.felix.framework", "org.eclipse.osgi"})
    void anyOrderWorks(String framework) throws Exception {
        var others =
                framework.contains("felix") ? "org.eclipse.osgi" : "org.apache.felix.framework";
        var paths =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(path -> !Path.of(path).getFileName().toString().startsWith(others))
                        .collect(Collectors.joining(File.pathSeparator));
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                paths,
                                "-Dcapstan.version=" + VERSION,
                                EmbeddingTest.class.getName(),
                                root.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(root.resolve("out").toFile())
                        .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(root.resolve("out"))).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The program that embeds the engine: with the framework that is on its class path. */
    public static void main(String[] arguments) throws Exception {
        for (var seed = 1; seed <= 3; seed++) {
            embed(Files.createDirectory(Path.of(arguments[0], "s" + seed)), new Random(seed));
        }
        System.exit(0);
    }

    private static void embed(Path root, Random random) throws Exception {
        var data = root.resolve("d");
        var control = new Control(data, root);
        var framework = framework(data);
        framework.start();
        try (var origin = Origin.plain()) {
            var before = threads();
            var bundles = new ArrayList<Bundle>();
            for (var jar : shuffled(core(), random)) {
                bundles.add(framework.getBundleContext().installBundle("reference:" + jar.toUri()));
            }
            for (var round = 0; round < 2; round++) {
                for (var bundle : shuffled(bundles, random)) {
                    bundle.start();
                }
                assertThat(bundles).allMatch(bundle -> bundle.getState() == Bundle.ACTIVE);

                completes(control, origin, "/file" + round);

                for (var bundle : shuffled(bundles, random)) {
                    bundle.stop();
                }
                awaitNoThreadsBut(before);
            }
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }

    private static void completes(Control control, Origin origin, String path) throws Exception {
        var body = Body.random(200_000, path.hashCode());
        origin.serve(path, Resource.of(body));
        Capstan.await("it listens", control::isListening);
        var id = control.add(origin.uri(path).toString());
        Capstan.await("the download ends", () -> show(control, id).isEnded());
        var row = show(control, id);
        assertThat(row.state()).as(row.json()).isEqualTo("COMPLETED");
        assertThat(Path.of(row.path())).hasBinaryContent(body.bytes());
    }

    private static Framework framework(Path data) {
        var factory = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow();
        return factory.newFramework(
                Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        data.resolveSibling("cache").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        "org.osgi.service.log;version=1.5.0",
                        "felix.service.urlhandlers",
                        "false",
                        "felix.cm.dir",
                        data.resolveSibling("cm").toString(),
                        "capstan.data",
                        data.toString()));
    }

    /** The bundles' files, as the build has laid them out for the program. */
    private static List<Path> core() throws IOException {
        var text = Files.readString(Path.of("../features/core.json"));
        var jars = new ArrayList<Path>();
        try (var libraries = Files.newDirectoryStream(Path.of("../runtime/target"), "lib-*")) {
            var library = libraries.iterator().next().toRealPath();
            var ids = ID.matcher(text.replace("${project.version}", VERSION));
            while (ids.find()) {
                var jar = library.resolve(ids.group(1) + "-" + ids.group(2) + ".jar");
                if (Files.exists(jar)) {
                    jars.add(jar);
                }
            }
        }
        assertThat(jars).hasSizeGreaterThan(15);
        return jars;
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        var shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static void awaitNoThreadsBut(Set<String> before) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!before.containsAll(threads()) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(before).containsAll(threads());
    }

    /** Of the engine, and not of the origin. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("capstan-") && !name.startsWith("capstan-origin"))
                .collect(Collectors.toSet());
    }

    private static Control.Row show(Control control, String id) {
        try {
            return control.show(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
