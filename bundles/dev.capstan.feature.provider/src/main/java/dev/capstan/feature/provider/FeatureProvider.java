package dev.capstan.feature.provider;

import dev.capstan.feature.BundleInfo;
import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import dev.capstan.feature.FeatureInfo;
import dev.capstan.feature.Features;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.feature.FeatureService;

/**
 * The service. All changes are made one after another by one thread, {@code capstan-features}, so
 * that no lock is held while bundles start and stop; callers wait for it.
 */
@Component(immediate = true)
public final class FeatureProvider implements Features {
    private static final System.Logger LOG = System.getLogger(FeatureProvider.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofMillis(150);
    private static final Duration LATER = Duration.ofSeconds(1);

    /** How often a run may call for another one at once. */
    private static final int RUNS = 3;

    private final Parts parts;
    private final Operations operations;
    private final Inventory inventory;
    private final Reconciler reconciler;
    private final Watch watch;
    private volatile @Nullable String told;
    private final CountDownLatch takenUp = new CountDownLatch(1);
    private final ExecutorService changes =
            Executors.newSingleThreadExecutor(
                    task -> {
                        var thread = new Thread(task, "capstan-features");
                        thread.setDaemon(true);
                        return thread;
                    });

    /**
     * Takes up what is wanted, in the background.
     *
     * @param context of a framework with the properties {@code capstan.data}, {@code capstan.lib},
     *     {@code capstan.features} and {@code capstan.started}; none is mandatory
     * @param configurationAdmin takes the configurations that features bring
     * @throws IOException if the data folder cannot be written
     */
    @Activate
    public FeatureProvider(BundleContext context, @Reference ConfigurationAdmin configurationAdmin)
            throws IOException {
        this(context, configurationAdmin, PATIENCE);
    }

    FeatureProvider(BundleContext context, ConfigurationAdmin admin, Duration patience)
            throws IOException {
        var data = DataFolder.of(context);
        var files = new FeatureFiles(path(context, "capstan.lib"));
        var builtIn = new BuiltIn(path(context, "capstan.features"), files);
        var installations = new Installations(data.features());
        var copies = new Copies(context.getDataFile("copies").toPath());
        parts =
                new Parts(
                        new LiveFramework(context, patience),
                        copies,
                        new Quarantine(data.features()),
                        installations,
                        new DropIns(data.bundles(), copies),
                        files,
                        new Configurations(admin),
                        new ConcurrentHashMap<>(),
                        new ConcurrentHashMap<>());
        reconciler = new Reconciler(parts);
        operations = new Operations(parts, builtIn);
        inventory = new Inventory(parts, builtIn, started(context));
        watch = new Watch(data.bundles(), this::look);
    }

    private static @Nullable Path path(BundleContext context, String property) {
        var value = context.getProperty(property);
        return value == null ? null : Path.of(value);
    }

    private static Set<String> started(BundleContext context) {
        var value = context.getProperty("capstan.started");
        return value == null ? Set.of() : Set.of(value.strip().split("[,\\s]+"));
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindReader(FeatureService reader) {
        parts.files().bind(reader);
    }

    void unbindReader(FeatureService reader) {
        parts.files().unbind(reader);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable Remote remote;

    @Deactivate
    void stop() throws IOException, InterruptedException {
        watch.close();
        changes.shutdownNow();
        changes.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS);
        parts.framework().close();
    }

    @Override
    public boolean awaitTakenUp(Duration most) throws InterruptedException {
        return takenUp.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public List<FeatureInfo> features() {
        return inventory.features();
    }

    @Override
    public List<BundleInfo> bundles() {
        return inventory.bundles();
    }

    @Override
    public List<String> affected(String name) throws FeatureException {
        return operations.affected(name);
    }

    @Override
    public List<String> install(URI location) throws FeatureException {
        try (var source = Source.of(location, parts.files(), remote)) {
            return change(() -> operations.install(source));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void remove(String name) throws FeatureException {
        change(
                () -> {
                    operations.remove(name);
                    return null;
                });
    }

    @Override
    public void start(String name) throws FeatureException {
        change(
                () -> {
                    operations.start(name);
                    return null;
                });
    }

    @Override
    public void stop(String name) throws FeatureException {
        change(
                () -> {
                    operations.stop(name);
                    return null;
                });
    }

    @Override
    public void update(String name) throws FeatureException {
        var location = operations.installedFrom(name);
        if (location.isPresent()) {
            install(location.get());
            return;
        }
        change(
                () -> {
                    operations.update(name);
                    return null;
                });
    }

    private <T> T change(Callable<T> change) throws FeatureException {
        try {
            return changes.submit(() -> made(change)).get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (RejectedExecutionException e) {
            throw new FeatureException(Reason.IO, "The host stops", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeatureException(
                    Reason.IO, "Nobody waits for the change any more; it goes on", e);
        }
    }

    private <T> T made(Callable<T> change) throws Exception {
        settle(false);
        try {
            return change.call();
        } finally {
            settle(true);
        }
    }

    private static FeatureException failure(@Nullable Throwable cause) {
        return cause instanceof FeatureException refused
                ? refused
                : new FeatureException(Reason.IO, "The change failed: " + cause, cause);
    }

    /** Called by the watch; does nothing where nothing changed. */
    private Duration look() throws InterruptedException {
        try {
            return changes.submit(() -> settle(false)).get();
        } catch (ExecutionException e) {
            tell(e);
            return LATER;
        } catch (RejectedExecutionException e) {
            throw new InterruptedException();
        }
    }

    /** Once, and not every second. */
    private void tell(Exception failure) {
        var isNews = !failure.toString().equals(told) && !changes.isShutdown();
        LOG.log(isNews ? Level.WARNING : Level.DEBUG, "Plug-ins are not taken up", failure);
        told = failure.toString();
    }

    /** Makes the framework what it is wanted to be; tells when to look again. */
    private Duration settle(boolean anyhow) {
        try {
            var stale = parts.dropIns().look() || anyhow;
            for (var run = 0; run < RUNS && (stale || !reconciler.isCurrent()); run++) {
                reconciler.run();
                stale = false;
            }
        } catch (IOException | RuntimeException e) {
            tell(e);
        }
        if (parts.dropIns().isUnsettled()) {
            return SOON;
        }
        takenUp.countDown();
        return LATER;
    }
}
