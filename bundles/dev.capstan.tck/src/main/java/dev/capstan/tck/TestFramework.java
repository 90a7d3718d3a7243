package dev.capstan.tck;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A host in the test's own process: bundles from the test's class path in the framework that is
 * there too, with Declarative Services, Configuration Admin and Event Admin. The contracts are the
 * test's own classes, so that a test calls what any bundle would call.
 *
 * <p>Configurations are read from {@code configurations/} in the data folder, if they are there
 * before it is made. Whatever fails is an {@link AssertionError}.
 */
public final class TestFramework implements AutoCloseable {
    /** What fetches from plain web servers: the queue, both stores, the engine and its client. */
    public static final List<String> ENGINE =
            List.of(
                    "dev.capstan.content.file",
                    "dev.capstan.download.provider",
                    "dev.capstan.download.sqlite",
                    "dev.capstan.host.direct",
                    "dev.capstan.lib.httpclient",
                    "dev.capstan.secret.file",
                    "dev.capstan.transfer.http",
                    "org.xerial.sqlite-jdbc");

    private static final List<String> BASE =
            List.of(
                    "org.apache.felix.configadmin",
                    "org.apache.felix.eventadmin",
                    "org.apache.felix.scr",
                    "org.osgi.service.component");

    private static final String SHARED =
            ",org.osgi.service.event;version=1.4.0"
                    + ",org.osgi.util.function;version=1.1.0,org.osgi.util.promise;version=1.1.1";

    private static final long SOON_SECONDS = 30;

    private final Framework framework;

    /**
     * Starts a host.
     *
     * @param data its data folder, in which the framework keeps its own things too
     * @param bundles symbolic names of what it is made of, besides what every host has
     */
    public TestFramework(Path data, List<String> bundles) {
        try {
            var found = classPath();
            framework =
                    ServiceLoader.load(FrameworkFactory.class)
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("No framework on the class path"))
                            .newFramework(
                                    Map.of(
                                            Constants.FRAMEWORK_STORAGE,
                                            data.resolve("osgi").toString(),
                                            Constants.FRAMEWORK_STORAGE_CLEAN,
                                            Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                                            Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                            contracts(found) + SHARED,
                                            "felix.cm.dir",
                                            data.resolve("configurations").toString(),
                                            "capstan.data",
                                            data.toString()));
            framework.init();
            for (var name : Stream.concat(BASE.stream(), bundles.stream()).toList()) {
                var location = "reference:" + known(found, name).path().toUri();
                framework.getBundleContext().installBundle(location);
            }
            for (var bundle : framework.getBundleContext().getBundles()) {
                bundle.start();
            }
            framework.start();
        } catch (BundleException | IOException e) {
            throw new AssertionError("The framework does not start", e);
        }
    }

    /**
     * The framework, seen from its system bundle.
     *
     * @return where a test registers its own services
     */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /**
     * A service, waited for.
     *
     * @param <T> its type
     * @param type its type
     * @return the service
     */
    public <T> T service(Class<T> type) {
        var tracker = new ServiceTracker<T, T>(context(), type, null);
        tracker.open();
        try {
            var found = tracker.waitForService(TimeUnit.SECONDS.toMillis(SOON_SECONDS));
            if (found == null) {
                throw new AssertionError("No " + type.getName());
            }
            return found;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Stops everything, and waits for that. */
    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(SOON_SECONDS));
        } catch (BundleException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A bundle on the class path: a jar, or the classes of a module that is just being built. */
    private record Found(Path path, String exports) {}

    private static Map<String, Found> classPath() throws IOException {
        var all = new LinkedHashMap<String, Found>();
        for (var entry :
                new HashSet<>(
                        List.of(System.getProperty("java.class.path").split(File.pathSeparator)))) {
            var path = Path.of(entry).toAbsolutePath();
            var header = manifest(path).getMainAttributes();
            var name = header.getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name != null) {
                var exports = header.getValue(Constants.EXPORT_PACKAGE);
                all.put(
                        name.split(";")[0].strip(),
                        new Found(path, exports == null ? "" : exports));
            }
        }
        return all;
    }

    private static Manifest manifest(Path path) throws IOException {
        var file = path.resolve(JarFile.MANIFEST_NAME);
        if (Files.isRegularFile(file)) {
            try (var in = Files.newInputStream(file)) {
                return new Manifest(in);
            }
        }
        if (!Files.isRegularFile(path)) {
            return new Manifest();
        }
        try (var jar = new JarFile(path.toFile())) {
            var manifest = jar.getManifest();
            return manifest == null ? new Manifest() : manifest;
        }
    }

    private static String contracts(Map<String, Found> found) {
        return Stream.of("dev.capstan.api", "dev.capstan.spi")
                .map(name -> known(found, name).exports())
                .collect(Collectors.joining(","));
    }

    private static Found known(Map<String, Found> found, String name) {
        var bundle = found.get(name);
        if (bundle == null) {
            throw new AssertionError("The class path has no bundle " + name);
        }
        return bundle;
    }
}
