package dev.capstan.feature.provider.inside;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Takes the process with it. */
public final class Killing implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        Runtime.getRuntime().halt(42);
    }

    @Override
    public void stop(BundleContext context) {}
}
