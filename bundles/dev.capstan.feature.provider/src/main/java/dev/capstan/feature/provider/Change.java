package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * Some jars put into the framework as one: all of them run afterwards, and all that ran before, or
 * everything is as it was. Used once, by one thread.
 */
final class Change {
    private static final System.Logger LOG = System.getLogger(Change.class.getName());

    private final LiveFramework framework;
    private final Copies copies;
    private final Quarantine quarantine;
    private final Map<Bundle, Jar> installed = new LinkedHashMap<>();
    private final Map<Bundle, Jar> updated = new LinkedHashMap<>();
    private final Map<Bundle, Jar> before = new LinkedHashMap<>();

    Change(LiveFramework framework, Copies copies, Quarantine quarantine) {
        this.framework = framework;
        this.copies = copies;
        this.quarantine = quarantine;
    }

    /**
     * A jar and its place.
     *
     * @param jar the bytes
     * @param location where a new bundle is installed
     * @param bundle the bundle that is updated, or null for a new one
     * @param starts whether it is to run afterwards, even if the bundle was stopped
     */
    record Put(Jar jar, String location, @Nullable Bundle bundle, boolean starts) {}

    /**
     * Makes the change.
     *
     * @return the bundles, in the order of the jars
     * @throws FeatureException that names what is missing; everything is as it was
     */
    List<Bundle> make(List<Put> puts) throws FeatureException {
        framework.tryOut(puts.stream().map(Put::jar).toList());
        var count = framework.changes();
        var ran = framework.bundles().stream().filter(LiveFramework::runs).toList();
        try {
            var bundles = new ArrayList<Bundle>();
            for (var put : puts) {
                bundles.add(put(put));
            }
            framework.resolve(bundles);
            framework.refresh(updated.keySet());
            for (var i = 0; i < puts.size(); i++) {
                var put = puts.get(i);
                var bundle = bundles.get(i);
                if (put.starts() || ran.contains(bundle)) {
                    quarantine.guard(put.jar(), () -> framework.start(bundle));
                }
            }
            startAgain(ran);
            remember();
            return bundles;
        } catch (FeatureException e) {
            takeBack(ran);
            framework.unchangedSince(count);
            throw e;
        } catch (IOException e) {
            takeBack(ran);
            framework.unchangedSince(count);
            throw new FeatureException(
                    Reason.IO, "The bundle could not be stored: " + e.getMessage(), e);
        }
    }

    private Bundle put(Put put) throws FeatureException, IOException {
        var bundle = put.bundle();
        if (bundle == null) {
            var added = framework.install(put.location(), put.jar());
            installed.put(added, put.jar());
            return added;
        }
        var old = copies.current(bundle);
        if (old == null) {
            throw new FeatureException(
                    Reason.PROTECTED,
                    bundle.getSymbolicName()
                            + " was not installed by the host's own ways, so its old version could"
                            + " not be put back; remove it where it was installed",
                    null);
        }
        before.put(bundle, old);
        framework.update(bundle, put.jar());
        updated.put(bundle, put.jar());
        return bundle;
    }

    private void startAgain(List<Bundle> ran) throws FeatureException {
        for (var bundle : ran) {
            if (bundle.getState() != Bundle.UNINSTALLED && !LiveFramework.runs(bundle)) {
                framework.start(bundle);
            }
        }
    }

    private void remember() throws IOException {
        for (var bundle : updated.keySet()) {
            copies.becomes(bundle, updated.get(bundle));
        }
        for (var bundle : installed.keySet()) {
            if (Copies.fileOf(bundle) == null) {
                copies.becomes(bundle, installed.get(bundle));
            }
        }
    }

    private void takeBack(List<Bundle> ran) {
        var changed = new ArrayList<Bundle>();
        before.forEach(
                (bundle, old) -> {
                    changed.add(bundle);
                    quietly(() -> framework.update(bundle, old));
                });
        installed.forEach(
                (bundle, jar) -> {
                    changed.add(bundle);
                    quietly(() -> framework.uninstall(bundle));
                });
        quietly(() -> framework.refresh(changed));
        for (var bundle : ran) {
            if (!LiveFramework.runs(bundle)) {
                quietly(() -> framework.start(bundle));
            }
        }
    }

    private static void quietly(Step step) {
        try {
            step.take();
        } catch (FeatureException e) {
            LOG.log(Level.WARNING, "An update was taken back, but {0}", e.getMessage());
        }
    }

    /** A part of a change that may be refused. */
    interface Step {
        void take() throws FeatureException;
    }
}
