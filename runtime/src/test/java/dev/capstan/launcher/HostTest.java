package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;

/** A real Felix, started and stopped. */
@Timeout(60)
class HostTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private final List<Path> resting = new ArrayList<>();
    @TempDir Path folder;

    @AfterEach
    void restore() {
        Thread.interrupted();
        Thread.currentThread().setContextClassLoader(loader);
    }

    private Host start(List<Path> bundles, String... command) throws Exception {
        var properties = new HashMap<String, String>();
        properties.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
        properties.put("felix.log.level", "0");
        properties.put("org.apache.felix.eventadmin.LogLevel", "1");
        properties.put(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "org.osgi.service.log;version=1.5.0");
        var host = new Host(properties);
        host.start(bundles, resting::contains, Map.of("launcher.arguments", command));
        return host;
    }

    private List<Path> with(Path... bundles) {
        var all = new ArrayList<>(Lab.services());
        all.addAll(List.of(bundles));
        return all;
    }

    @Test
    void theResultOfTheCallableIsTheExitCode() throws Exception {
        var host = start(with(Lab.errand(folder)), "exit", "5");

        assertThat(host.run(PATIENCE)).isEqualTo(5);
        host.close(PATIENCE);
    }

    @Test
    void aCallableThatFailsMeansOne() throws Exception {
        var host = start(with(Lab.errand(folder)), "fail");

        assertThat(host.run(PATIENCE)).isEqualTo(1);
        host.close(PATIENCE);
    }

    @Test
    void aRestingBundleIsInstalledAndNotStarted() throws Exception {
        var errand = Lab.errand(folder);
        resting.add(errand);

        assertThat(whyNobodyCame(with(errand))).contains("No bundle took the command");
    }

    @Test
    void aSignalDuringTheStartCallsNothing() throws Exception {
        var host = start(with(Lab.errand(folder)), "exit", "0");
        host.interrupt();

        assertThat(host.run(PATIENCE)).isEqualTo(7);
        host.close(PATIENCE);
    }

    @Test
    void aBundleMayStopTheFramework() throws Exception {
        var host = start(with(Lab.errand(folder)), "stop");

        assertThat(host.run(PATIENCE)).isEqualTo(7);
        host.close(PATIENCE);
    }

    @Test
    void aCommandWhoseBundleIsUpdatedIsCalledAgainInTheNewOne() throws Exception {
        var host = start(with(Lab.errand(folder)), "renew", folder.resolve("mark").toString());

        assertThat(host.run(PATIENCE)).isEqualTo(4);
        host.close(PATIENCE);
    }

    @Test
    void aCommandThatEndsWhileItsServiceIsGoingIsNoResult() throws Exception {
        var host = start(with(Lab.errand(folder)), "withdraw");

        assertThat(host.run(PATIENCE)).isEqualTo(4);
        host.close(PATIENCE);
    }

    @Test
    void thereIsNoContextClassLoaderForTerminalsToFind() throws Exception {
        start(List.of()).close(PATIENCE);

        assertThat(Thread.currentThread().getContextClassLoader()).isNull();
    }

    @Test
    void closingTwiceIsHarmless() throws Exception {
        var host = start(List.of());
        host.close(PATIENCE);
        host.close(PATIENCE);
    }

    private String whyNobodyCame(List<Path> bundles) throws Exception {
        var host = start(bundles);
        try {
            return catchThrowableOfType(
                            LaunchException.class, () -> host.run(Duration.ofMillis(100)))
                    .sentences();
        } finally {
            host.close(PATIENCE);
        }
    }

    private Path bundle(String name, String header, String value) throws IOException {
        return Lab.bundle(folder, name, Map.of(header, value), Map.of());
    }

    @Test
    void aMissingPackageIsNamedWithWhoNeedsIt() throws Exception {
        var needy = bundle("needy", "Import-Package", "acme.parts;version=\"[1.2,2)\"");
        var victim = bundle("victim", "Import-Package", "needy.parts");
        var offers =
                Lab.bundle(
                        folder,
                        "old",
                        Map.of("Export-Package", "acme.parts;version=1.1"),
                        Map.of("acme/parts/x", new byte[0]));

        assertThat(whyNobodyCame(with(needy, victim, offers)))
                .contains("No bundle took the command within 0 s.")
                .contains("needy needs package acme.parts 1.2.0, this host has 1.1.0.")
                .contains("victim needs package needy.parts, which nothing here offers.");
    }

    @Test
    void aMissingCapabilityIsNamed() throws Exception {
        var needy =
                bundle(
                        "needy",
                        "Require-Capability",
                        "osgi.extender;filter:=\"(&(osgi.extender=acme.magic)(version>=3.0))\","
                                + "acme;filter:=\"(color=blue)\","
                                + "later;effective:=active,wish;resolution:=optional");

        assertThat(whyNobodyCame(with(needy)))
                .contains("needy needs extender acme.magic 3.0, which nothing here offers.")
                .contains("needy needs acme (color=blue), which nothing here offers.")
                .doesNotContain("later", "wish");
    }

    @Test
    void aMissingServiceIsNamedWithTheComponentThatNeedsIt() throws Exception {
        var wants = "<reference name=\"order\" interface=\"java.util.Comparator\"/>";

        assertThat(whyNobodyCame(with(component(wants))))
                .contains(
                        "acme.Worker needs the service java.util.Comparator, which no bundle here"
                                + " has.");
    }

    @Test
    void aComponentThatFailsIsNamedWithTheCause() throws Exception {
        assertThat(whyNobodyCame(with(component(""))))
                .contains("acme.Worker failed: java.io.IOException: the disk is gone");
    }

    /** The implementation of a component that cannot be made. */
    public static final class Worker {
        public Worker() {
            throw new IllegalStateException("no start", new IOException("the disk is gone"));
        }
    }

    private Path component(String reference) throws IOException {
        var xml =
                """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="acme.Worker"
                    immediate="true">
                  <implementation class="%s"/>
                  %s
                </scr:component>"""
                        .formatted(Worker.class.getName(), reference);
        var file = Worker.class.getName().replace('.', '/') + ".class";
        try (var code = Worker.class.getResourceAsStream("/" + file)) {
            return Lab.bundle(
                    folder,
                    "worker",
                    Map.of("Service-Component", "OSGI-INF/worker.xml"),
                    Map.of("OSGI-INF/worker.xml", xml.getBytes(UTF_8), file, code.readAllBytes()));
        }
    }
}
