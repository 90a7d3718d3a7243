package dev.capstan.launcher;

import java.io.File;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Stands in for the bundle that takes commands: the activator of a bundle the tests make. Each verb
 * shows one thing of the launcher.
 */
public final class Errand implements BundleActivator {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile ServiceRegistration<?> registration;
    private volatile Thread main;

    @Override
    public void start(BundleContext context) throws Exception {
        var arguments = FrameworkUtil.createFilter("(launcher.arguments=*)");
        new ServiceTracker<>(context, arguments, null) {
            @Override
            public Object addingService(ServiceReference<Object> call) {
                register(context, call);
                return call;
            }
        }.open();
    }

    private void register(BundleContext context, ServiceReference<?> call) {
        var mainThread = new Hashtable<String, Object>();
        mainThread.put("main.thread", true);
        registration =
                context.registerService(
                        Callable.class.getName(),
                        new ServiceFactory<Callable<?>>() {
                            @Override
                            public Callable<?> getService(
                                    Bundle caller, ServiceRegistration<Callable<?>> its) {
                                return () -> run(context, call);
                            }

                            @Override
                            public void ungetService(
                                    Bundle caller,
                                    ServiceRegistration<Callable<?>> its,
                                    Callable<?> errand) {
                                endTheCall();
                            }
                        },
                        mainThread);
    }

    /** As a component does that goes while it is called: before its service has quite gone. */
    private void endTheCall() {
        var called = main;
        if (called == null) {
            return;
        }
        main = null;
        called.interrupt();
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        try {
            left.await();
            while (called.getState() != Thread.State.WAITING && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop(BundleContext context) {
        System.getLogger("errand").log(System.Logger.Level.INFO, "the errand ends");
        stopped.countDown();
    }

    private int run(BundleContext context, ServiceReference<?> call) throws Exception {
        var words = (String[]) call.getProperty("launcher.arguments");
        switch (words[0]) {
            case "exit" -> {
                return Integer.parseInt(words[1]);
            }
            case "words" -> System.out.println(Arrays.toString(words));
            case "property" -> System.out.println(context.getProperty(words[1]));
            case "terminal" ->
                    System.out.println(
                            call.getProperty("capstan.terminal")
                                    + " "
                                    + call.getProperty("capstan.columns"));
            case "configuration" ->
                    configuration(context, words[1], List.of(words).subList(2, words.length));
            case "warn" ->
                    System.getLogger("errand")
                            .log(
                                    System.Logger.Level.WARNING,
                                    "first line\nsecond line",
                                    new IllegalStateException("the cause"));
            case "fail" -> throw new IllegalStateException("as asked");
            case "stop" -> {
                context.getBundle(0).stop();
                new CountDownLatch(1).await();
            }
            case "renew" -> {
                if (new File(words[1]).createNewFile()) {
                    context.getBundle().update();
                    Thread.currentThread().interrupt();
                    return 1;
                }
                return Thread.interrupted() ? 2 : 4;
            }
            case "withdraw" -> {
                if (left.getCount() == 0) {
                    return 4;
                }
                main = Thread.currentThread();
                var change =
                        new Thread(
                                () -> {
                                    registration.unregister();
                                    register(context, call);
                                });
                change.start();
                try {
                    stopped.await();
                } catch (InterruptedException e) {
                    left.countDown();
                }
                return 1;
            }
            case "wait" -> {
                System.getLogger("errand").log(System.Logger.Level.INFO, "the errand begins");
                System.out.println("waiting");
                try {
                    stopped.await();
                } catch (InterruptedException e) {
                    System.out.println("interrupted");
                    return Integer.parseInt(words[1]);
                }
            }
            case "deaf" -> {
                System.out.println("waiting");
                while (stopped.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return Integer.parseInt(words[1]);
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
        return 0;
    }

    private static void configuration(BundleContext context, String pid, List<String> keys)
            throws Exception {
        var admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        for (var found : admin.listConfigurations("(service.pid=" + pid + ")")) {
            for (var key : keys) {
                var value = found.getProperties().get(key);
                var shown = value instanceof Object[] array ? Arrays.toString(array) : value;
                System.out.println(shown + " " + value.getClass().getSimpleName());
            }
        }
    }
}
