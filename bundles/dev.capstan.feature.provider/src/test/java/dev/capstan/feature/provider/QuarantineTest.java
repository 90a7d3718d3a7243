package dev.capstan.feature.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.feature.provider.inside.Killing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plug-ins that take the host with them when they start. */
class QuarantineTest {
    private static final int HALTED = 42;

    @TempDir Path root;

    @Test
    void a_bundle_that_killed_the_host_is_left_alone_until_it_is_replaced() throws Exception {
        var jar =
                TestBundle.of("killer", "1.0.0")
                        .activator(Killing.class)
                        .at(root.resolve("data/bundles/killer.jar"));
        TestBundle.of("good", "1.0.0").in(root.resolve("data/bundles"));
        assertThat(hostsExit()).isEqualTo(HALTED);

        for (var run = 0; run < 2; run++) {
            try (var lab = new Lab(root)) {
                lab.awaitTold("good", "1.0.0 ACTIVE");
                lab.awaitTold("killer", "1.0.0 INSTALLED");
                Lab.await(
                        Lab.SOON,
                        () -> lab.info("killer").orElseThrow().problem() != null,
                        () -> "nothing");
                assertThat(lab.info("killer").orElseThrow().problem())
                        .startsWith("The host died while killer 1.0.0 started");
            }
        }
        try (var lab = new Lab(root)) {
            lab.awaitTold("killer", "1.0.0 INSTALLED");
            TestBundle.of("killer", "1.1.0").at(jar);
            lab.awaitTold("killer", "1.1.0 ACTIVE");
            lab.awaitNoProblem("killer");
        }
    }

    @Test
    void a_bundle_in_quarantine_is_started_by_name() throws Exception {
        var jar = TestBundle.of("suspect", "1.0.0").in(root.resolve("data/bundles"));
        var features = Files.createDirectories(root.resolve("data/features"));
        Files.writeString(
                features.resolve("starting.properties"), Jar.read(jar).digest() + "=suspect 1.0.0");
        for (var run = 0; run < 2; run++) {
            try (var lab = new Lab(root)) {
                if (run == 0) {
                    lab.awaitTold("suspect", "1.0.0 INSTALLED");
                    lab.features().start("suspect");
                }
                lab.awaitTold("suspect", "1.0.0 ACTIVE");
            }
        }
    }

    @Test
    void damaged_notes_are_passed_over() throws Exception {
        var features = Files.createDirectories(root.resolve("data/features"));
        for (var name : new String[] {"starting", "quarantine"}) {
            Files.writeString(features.resolve(name + ".properties"), "a=\\u12");
        }
        Files.writeString(features.resolve("acme.installed"), "\\u12");
        TestBundle.of("good", "1.0.0").in(root.resolve("data/bundles"));
        try (var lab = new Lab(root)) {
            lab.awaitTold("good", "1.0.0 ACTIVE");
        }
    }

    private int hostsExit() throws Exception {
        var host =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Host.class.getName(),
                                root.toString())
                        .inheritIO()
                        .start();
        try {
            assertThat(host.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return host.exitValue();
        } finally {
            host.destroyForcibly();
        }
    }

    /** A process of its own. */
    static final class Host {
        private Host() {}

        public static void main(String[] arguments) throws Exception {
            try (var lab = new Lab(Path.of(arguments[0]))) {
                new CountDownLatch(1).await();
            }
        }
    }
}
