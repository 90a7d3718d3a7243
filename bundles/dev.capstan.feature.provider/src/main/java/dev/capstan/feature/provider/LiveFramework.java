package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * What is done to the framework, each act with an end in sight: a bundle that does not come back
 * from its activator is left behind on its own thread, {@code capstan-start-…} or {@code
 * capstan-stop-…}, and reported.
 */
final class LiveFramework {
    private static final System.Logger LOG = System.getLogger(LiveFramework.class.getName());
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final BundleContext context;
    private final Duration patience;
    private final AtomicLong changes = new AtomicLong();
    private final SynchronousBundleListener counter = this::count;
    private final FrameworkWiring wiring;
    private final Missing missing;

    LiveFramework(BundleContext context, Duration patience) {
        this.context = context;
        this.patience = patience;
        this.wiring = context.getBundle(0).adapt(FrameworkWiring.class);
        this.missing = new Missing(context, wiring);
        context.addBundleListener(counter);
    }

    void close() {
        context.removeBundleListener(counter);
    }

    private void count(BundleEvent event) {
        var counts = BundleEvent.INSTALLED | BundleEvent.UPDATED | BundleEvent.UNINSTALLED;
        if ((event.getType() & counts) != 0 && !Trial.is(event.getBundle())) {
            changes.incrementAndGet();
        }
    }

    /** Rises whenever bundles come, change or go, so that what failed may be tried again. */
    long changes() {
        return changes.get();
    }

    /** What was taken back is no change. */
    void unchangedSince(long count) {
        changes.set(count);
    }

    /** All but the framework itself and what is only being tried. */
    List<Bundle> bundles() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != 0 && !Trial.is(bundle))
                .toList();
    }

    /** The bundle of a name or an id; of several with one name the newest. */
    Optional<Bundle> find(String nameOrId) {
        return bundles().stream()
                .filter(
                        bundle ->
                                nameOrId.equals(bundle.getSymbolicName())
                                        || nameOrId.equals(Long.toString(bundle.getBundleId())))
                .max(Comparator.comparing(Bundle::getVersion));
    }

    Optional<Bundle> at(String location) {
        return Optional.ofNullable(context.getBundle(location));
    }

    static boolean runs(Bundle bundle) {
        return (bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0;
    }

    static boolean isFragment(Bundle bundle) {
        var revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    Missing missing() {
        return missing;
    }

    List<String> dependentsOf(List<Bundle> bundles) {
        return new Dependents(context).of(bundles);
    }

    void tryOut(List<Jar> jars) throws FeatureException {
        Trial.of(jars, context, missing);
    }

    /** Installs a jar, or the file its location refers to. */
    Bundle install(String location, Jar jar) throws FeatureException {
        try (var in = Files.newInputStream(jar.path())) {
            return location.startsWith(Copies.REFERENCE)
                    ? context.installBundle(location)
                    : context.installBundle(location, in);
        } catch (BundleException | IOException e) {
            throw refused(jar, e);
        }
    }

    /** Puts other bytes in a bundle's place; it is stopped and not started again. */
    void update(Bundle bundle, Jar jar) throws FeatureException {
        stop(bundle, Bundle.STOP_TRANSIENT);
        try (var in = Files.newInputStream(jar.path())) {
            bundle.update(in);
        } catch (BundleException | IOException e) {
            throw refused(jar, e);
        }
    }

    void uninstall(Bundle bundle) throws FeatureException {
        stop(bundle, Bundle.STOP_TRANSIENT);
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new FeatureException(
                    Reason.IO,
                    bundle.getSymbolicName() + " cannot be removed: " + e.getMessage(),
                    e);
        }
    }

    void resolve(Collection<Bundle> bundles) throws FeatureException {
        if (wiring.resolveBundles(bundles)) {
            return;
        }
        for (var bundle : bundles) {
            if (bundle.getState() == Bundle.INSTALLED) {
                throw unresolved(bundle, null);
            }
        }
    }

    /** Gives the bundles, and those that are wired to them, new wires; no others. */
    void refresh(Collection<Bundle> changed) throws FeatureException {
        if (changed.isEmpty()) {
            return;
        }
        var done = new CountDownLatch(1);
        wiring.refreshBundles(
                changed,
                event -> {
                    if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                        done.countDown();
                    }
                });
        try {
            if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new FeatureException(
                        Reason.IO,
                        "Something that depends on what was changed does not stop within "
                                + patience.toSeconds()
                                + " s",
                        null);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    void start(Bundle bundle) throws FeatureException {
        if (isFragment(bundle)) {
            return;
        }
        try {
            bounded("start", bundle, () -> bundle.start(Bundle.START_ACTIVATION_POLICY));
        } catch (BundleException e) {
            throw unresolved(bundle, e);
        }
    }

    void stop(Bundle bundle, int options) throws FeatureException {
        if (isFragment(bundle)) {
            return;
        }
        try {
            bounded("stop", bundle, () -> bundle.stop(options));
        } catch (BundleException e) {
            // Its activator threw, and it is stopped all the same.
            LOG.log(Level.DEBUG, bundle.getSymbolicName() + " did not stop cleanly", e);
        }
    }

    /** Tells whether a change of the bundle would stop what makes the change. */
    boolean carriesUs(Bundle bundle) {
        return wiring.getDependencyClosure(Set.of(bundle)).contains(context.getBundle());
    }

    private void bounded(String verb, Bundle bundle, Act act)
            throws BundleException, FeatureException {
        var task =
                new FutureTask<Void>(
                        () -> {
                            act.run();
                            return null;
                        });
        var thread = new Thread(task, "capstan-" + verb + "-" + bundle.getSymbolicName());
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
        try {
            task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BundleException failure) {
                throw failure;
            }
            throw new BundleException("It failed to " + verb, e.getCause());
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new FeatureException(
                    Reason.UNRESOLVED,
                    "%s does not %s within %d s"
                            .formatted(bundle.getSymbolicName(), verb, patience.toSeconds()),
                    e);
        } catch (InterruptedException e) {
            letEnd(thread);
            throw interrupted();
        }
    }

    /** The framework cannot stop a bundle that is just starting. */
    private static void letEnd(Thread thread) {
        try {
            thread.join(MOMENT.toMillis());
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "Interrupted twice", e);
        }
        thread.interrupt();
    }

    private FeatureException unresolved(Bundle bundle, @Nullable BundleException failure) {
        var sentences = missing.of(bundle);
        if (!sentences.isEmpty()) {
            var text = String.join("; ", sentences);
            return new FeatureException(Reason.UNRESOLVED, text, failure);
        }
        return new FeatureException(
                Reason.UNRESOLVED,
                bundle.getSymbolicName() + " does not start: " + rootOf(failure),
                failure);
    }

    private static String rootOf(@Nullable Throwable failure) {
        if (failure == null) {
            return "its packages do not go together with those that are here";
        }
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof BundleException ? String.valueOf(root.getMessage()) : "" + root;
    }

    private static FeatureException refused(Jar jar, Exception failure) {
        return new FeatureException(
                failure instanceof IOException ? Reason.IO : Reason.INVALID,
                jar + " cannot be installed: " + failure.getMessage(),
                failure);
    }

    private static FeatureException interrupted() {
        Thread.currentThread().interrupt();
        return new FeatureException(
                Reason.IO, "The change was broken off, since the host stops", null);
    }

    /** Something that may take long. */
    private interface Act {
        void run() throws BundleException;
    }
}
