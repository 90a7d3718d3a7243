package dev.capstan.launcher;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.log.LogService;
import org.osgi.service.log.LoggerFactory;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A framework with its bundles, run by the conventions of bnd's launcher.
 *
 * <p>The arguments are the property {@code launcher.arguments} of a service registered as {@code
 * java.lang.Object}. Whoever takes them registers a {@link Callable} with the property {@code
 * main.thread=true}: it is called on the main thread, and its result is the exit code. If its
 * bundle is updated meanwhile, the one that comes next is called.
 *
 * <p>Threads: made, run and closed by the main thread; {@link #interrupt} and {@link #close} may
 * come from another.
 */
final class Host implements Ending.Work {

    private final Framework framework;
    private final Thread main = Thread.currentThread();
    private volatile boolean running;
    private volatile boolean interrupted;

    Host(Map<String, String> properties) throws BundleException {
        // A context class loader here would later hide the terminal from JLine.
        Thread.currentThread().setContextClassLoader(null);
        framework =
                ServiceLoader.load(FrameworkFactory.class, Host.class.getClassLoader())
                        .findFirst()
                        .orElseThrow()
                        .newFramework(properties);
        framework.init();
    }

    /**
     * Installs bundles, starts those that are to be started, and hands on the properties of the
     * call. What does not start is logged.
     */
    void start(Collection<Path> bundles, Predicate<Path> rests, Map<String, Object> call)
            throws BundleException {
        var context = framework.getBundleContext();
        context.addBundleListener((SynchronousBundleListener) this::stopping);
        context.registerService(
                new String[] {LogService.class.getName(), LoggerFactory.class.getName()},
                new LogBridge(),
                null);
        var starting = new ArrayList<Bundle>();
        for (var file : bundles) {
            var bundle = context.installBundle("reference:" + file.toUri());
            if (!rests.test(file) && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                starting.add(bundle);
            }
        }
        framework.start();
        starting.forEach(this::start);
        context.registerService(Object.class, new Object(), new Hashtable<>(call));
    }

    /**
     * Calls what the bundles want called and returns its exit code.
     *
     * @param patience how long it may take to appear at first; once the host runs, its bundle may
     *     stay away as long as it likes
     */
    int run(Duration patience) throws LaunchException {
        var tracker =
                new ServiceTracker<Callable<?>, Callable<?>>(
                        framework.getBundleContext(), mainThread(), null);
        running = true;
        tracker.open();
        try {
            return run(tracker, patience);
        } finally {
            running = false;
            tracker.close();
        }
    }

    private int run(ServiceTracker<Callable<?>, Callable<?>> tracker, Duration patience)
            throws LaunchException {
        var code = LaunchException.UNFINISHED;
        var wait = patience.toMillis();
        while (!ends()) {
            var reference = await(tracker, wait);
            if (reference != null) {
                code = call(tracker.getService(reference));
                // The reference would say so too late: a call may end while its service is going.
                if (tracker.getService(reference) != null) {
                    return code;
                }
                // It was taken back, maybe by an interrupt, which is not for the next one.
                Thread.interrupted();
                wait = 0;
            } else if (wait > 0 && !ends()) {
                throw LaunchException.failed(nobodyCame(patience));
            }
        }
        return code;
    }

    private static @Nullable ServiceReference<Callable<?>> await(
            ServiceTracker<Callable<?>, Callable<?>> tracker, long millis) {
        try {
            tracker.waitForService(millis);
        } catch (InterruptedException e) {
            // Either everything ends, which the caller asks, or it was not meant for the launcher.
        }
        return tracker.getServiceReference();
    }

    private boolean ends() {
        return interrupted || framework.getState() != Bundle.ACTIVE;
    }

    @Override
    public void interrupt() {
        interrupted = true;
        main.interrupt();
    }

    /** Stops the framework; does nothing where it is stopped. */
    @Override
    public void close(Duration most) {
        try {
            framework.stop();
            framework.waitForStop(most.toMillis());
        } catch (BundleException e) {
            log(ERROR, "The framework does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(Bundle bundle) {
        try {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            var missing = Diagnosis.missing(bundle, framework.getBundleContext());
            var why = missing.isEmpty() ? Plain.reason(e) : String.join(" ", missing);
            log(WARNING, bundle.getSymbolicName() + " does not start: " + why, null);
        }
    }

    private String nobodyCame(Duration patience) {
        var sentences = new ArrayList<String>();
        sentences.add("No bundle took the command within " + patience.toSeconds() + " s.");
        sentences.addAll(Diagnosis.of(framework.getBundleContext()));
        return String.join("\n", sentences);
    }

    private static int call(@Nullable Callable<?> callable) {
        try {
            // Null where it was taken back just now.
            return callable != null && callable.call() instanceof Integer code ? code : 0;
        } catch (InterruptedException e) {
            return LaunchException.UNFINISHED;
        } catch (Exception | LinkageError e) {
            log(ERROR, "The command failed", e);
            return LaunchException.FAILED;
        }
    }

    /** The framework may be stopped from within, by a bundle or at the prompt. */
    private void stopping(BundleEvent event) {
        if (running && event.getBundle() == framework && event.getType() == BundleEvent.STOPPING) {
            main.interrupt();
        }
    }

    private static Filter mainThread() {
        try {
            return FrameworkUtil.createFilter(
                    "(&(objectClass=java.util.concurrent.Callable)(main.thread=true))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The logger is got when it is needed, since getting it costs a start that has nothing to say.
     */
    private static void log(
            System.Logger.Level level, String message, @Nullable Throwable failure) {
        System.getLogger(Host.class.getName()).log(level, message, failure);
    }
}
