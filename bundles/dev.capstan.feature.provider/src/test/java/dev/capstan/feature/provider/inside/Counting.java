package dev.capstan.feature.provider.inside;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Counts how often its bundle was started, in a system property named after the bundle. */
public final class Counting implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        var name = context.getBundle().getSymbolicName() + ".starts";
        System.setProperty(name, String.valueOf(Integer.getInteger(name, 0) + 1));
    }

    @Override
    public void stop(BundleContext context) {}
}
