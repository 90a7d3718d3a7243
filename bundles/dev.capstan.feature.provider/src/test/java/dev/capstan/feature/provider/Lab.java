package dev.capstan.feature.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.feature.BundleInfo;
import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureInfo;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.cm.PersistenceManager;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;

/** A real framework with a data folder, as the launcher makes it: its cache is empty at first. */
final class Lab implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(2);

    final Path root;
    final Path dropIns;
    final Path library;
    private final Framework framework;
    private FeatureProvider features;

    Lab(Path root) throws Exception {
        this.root = root;
        dropIns = Files.createDirectories(root.resolve("data/bundles"));
        library = Files.createDirectories(root.resolve("lib"));
        var properties = new HashMap<String, String>();
        properties.put(Constants.FRAMEWORK_STORAGE, root.resolve("data/osgi/cache").toString());
        properties.put(
                Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        // Shared with the tests, which are outside.
        properties.put(
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, "org.osgi.service.cm;version=1.6.0");
        properties.put("felix.cache.locking", "false");
        properties.put("capstan.data", root.resolve("data").toString());
        properties.put("capstan.lib", library.toString());
        properties.put("capstan.features", builtInFeatures().toString());
        properties.put("capstan.started", "core");
        framework = new FrameworkFactory().newFramework(properties);
        framework.start();
        var context = framework.getBundleContext();
        context.installBundle(codeOf(PersistenceManager.class).toUri().toString()).start();
        try (var own = Files.newDirectoryStream(library, "*.jar")) {
            for (var jar : own) {
                if (Files.exists(jar.resolveSibling(jar.getFileName() + ".started"))) {
                    context.installBundle("reference:" + jar.toUri()).start();
                }
            }
        }
        startProvider();
    }

    private void startProvider() throws Exception {
        features =
                new FeatureProvider(
                        framework.getBundleContext(),
                        service(ConfigurationAdmin.class),
                        Duration.ofMillis(1_500));
        features.bindReader(new FeatureServiceImpl());
    }

    /** As if its bundle had been stopped and started. */
    void restartProvider() throws Exception {
        features.stop();
        startProvider();
    }

    Path builtInFeatures() throws Exception {
        return Files.createDirectories(root.resolve("lib/features"));
    }

    /** Puts a bundle among the host's own, to be started with the next lab. */
    static Path builtIn(Path root, TestBundle bundle) throws Exception {
        var jar = bundle.in(root.resolve("lib"));
        Files.createFile(jar.resolveSibling(jar.getFileName() + ".started"));
        return jar;
    }

    FeatureProvider features() {
        return features;
    }

    List<String> install(Path file) throws FeatureException {
        return features.install(file.toUri());
    }

    <S> S service(Class<S> type) {
        var context = framework.getBundleContext();
        return context.getService(context.getServiceReference(type));
    }

    Bundle bundle(String name) {
        for (var bundle : framework.getBundleContext().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        throw new AssertionError("There is no bundle " + name + " in " + features.bundles());
    }

    Optional<BundleInfo> info(String name) {
        return features.bundles().stream().filter(b -> b.symbolicName().equals(name)).findFirst();
    }

    Optional<FeatureInfo> feature(String name) {
        return features.features().stream().filter(f -> f.name().equals(name)).findFirst();
    }

    /** Name, version and state, as short as can be compared. */
    String told(String name) {
        return info(name).map(b -> b.version() + " " + b.state()).orElse("absent");
    }

    void awaitTold(String name, String told) throws Exception {
        await(SOON, () -> told(name).equals(told), () -> told(name) + " " + info(name));
    }

    void awaitNoProblem(String name) throws Exception {
        await(SOON, () -> info(name).orElseThrow().problem() == null, () -> "" + info(name));
    }

    static void await(Duration patience, Callable<Boolean> condition, Callable<String> seen)
            throws Exception {
        var end = Instant.now().plus(patience);
        while (!condition.call()) {
            if (Instant.now().isAfter(end)) {
                assertThat(seen.call()).as("what was awaited").isEmpty();
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    static Path codeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Override
    public void close() throws Exception {
        features.stop();
        framework.stop();
        framework.waitForStop(5_000);
    }
}
