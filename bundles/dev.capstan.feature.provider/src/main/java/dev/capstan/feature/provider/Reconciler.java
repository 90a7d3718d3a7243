package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.provider.Change.Put;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Makes the framework hold what is wanted. A jar that cannot run is installed all the same and
 * tried again when something changes, so that the order in which files appear does not matter; an
 * update that cannot run is refused and the old version stays.
 *
 * <p>Entered by the one thread that makes changes.
 */
final class Reconciler {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    private final Parts parts;
    private final LiveFramework framework;

    /** What failed, and after how many changes of the framework. */
    private final Map<String, Long> failed = new HashMap<>();

    private long changes = -1;
    private boolean couldRead;

    /** Until every drop-in was looked at once, nothing is taken for unwanted. */
    private boolean knowsAll;

    private boolean anyFailed;

    Reconciler(Parts parts) {
        this.parts = parts;
        this.framework = parts.framework();
    }

    /** Whether a run would find what the last one left, the drop-in folder aside. */
    boolean isCurrent() {
        return changes == framework.changes()
                && couldRead == parts.files().canRead()
                && (knowsAll || parts.dropIns().isUnsettled());
    }

    void run() throws IOException {
        var before = framework.changes();
        couldRead = parts.files().canRead();
        knowsAll |= !parts.dropIns().isUnsettled();
        anyFailed = false;
        configure();
        var claims = new LinkedHashMap<Bundle, Wanted>();
        var fresh = new HashSet<Bundle>();
        for (var wanted : Wanted.all(parts)) {
            var bundle = wanted.bundle(framework);
            if (bundle != null) {
                claims.putIfAbsent(bundle, wanted);
            } else if (wanted.ready()) {
                attempt("install " + wanted.jar().digest(), () -> install(wanted, claims, fresh));
            }
        }
        tell(claims);
        for (var bundle : claims.keySet()) {
            update(bundle, claims.get(bundle));
        }
        for (var bundle : claims.keySet()) {
            start(bundle, claims.get(bundle).jar(), fresh.contains(bundle));
        }
        if (knowsAll) {
            removeOthers(claims);
        }
        parts.copies().retain(framework.bundles(), parts.dropIns().digests());
        changes = anyFailed ? before : framework.changes();
    }

    /** Before the bundles start, so that they start with what they are to know. */
    private void configure() {
        var configurations = parts.configurations();
        for (var installation : parts.installations().all()) {
            var file = installation.feature();
            var name = installation.name();
            if (file != null && couldRead && !configurations.features().contains(name)) {
                attempt(
                        "configure " + installation.folder(),
                        () -> {
                            var feature = parts.files().read(file);
                            configurations.apply(name, feature.getConfigurations());
                        });
            }
        }
    }

    private void install(Wanted wanted, Map<Bundle, Wanted> claims, Set<Bundle> fresh)
            throws FeatureException, IOException {
        var bundle = framework.install(wanted.location(), wanted.jar());
        claims.put(bundle, wanted);
        fresh.add(bundle);
        parts.copies().becomes(bundle, wanted.jar());
    }

    private void update(Bundle bundle, Wanted wanted) throws IOException {
        var jar = wanted.jar();
        if (!wanted.differs(bundle, parts.copies())) {
            return;
        }
        attempt(
                "update %d %s".formatted(bundle.getBundleId(), jar.digest()),
                bundle,
                () -> {
                    parts.mayReplace(bundle, jar);
                    if (parts.quarantine().holds(jar.digest())) {
                        throw Quarantine.refused(jar);
                    }
                    var starts = isToRun(bundle);
                    parts.change().make(List.of(new Put(jar, wanted.location(), bundle, starts)));
                });
    }

    private void start(Bundle bundle, Jar jar, boolean fresh) throws IOException {
        if (!(fresh || isToRun(bundle))
                || LiveFramework.runs(bundle)
                || LiveFramework.isFragment(bundle)) {
            return;
        }
        attempt(
                "start " + bundle.getBundleId(),
                bundle,
                () -> {
                    if (parts.quarantine().holds(jar.digest())) {
                        throw Quarantine.refused(jar);
                    }
                    parts.quarantine().guard(jar, () -> framework.start(bundle));
                });
    }

    /** Not what the operator stopped; but what was never started, since it was in quarantine. */
    private boolean isToRun(Bundle bundle) throws IOException {
        var digest = parts.copies().digestOf(bundle);
        return bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()
                || (digest != null && parts.quarantine().holds(digest));
    }

    private void removeOthers(Map<Bundle, Wanted> claims) throws IOException {
        var removed = new ArrayList<Bundle>();
        for (var bundle : framework.bundles()) {
            var claim = claims.get(bundle);
            var key = "remove " + bundle.getBundleId();
            if (Wanted.isOurs(bundle)) {
                if (claim == null) {
                    attempt(
                            key,
                            bundle,
                            () -> {
                                framework.uninstall(bundle);
                                removed.add(bundle);
                            });
                }
            } else if ((claim == null || !claim.single())
                    && parts.copies().digestOf(bundle) != null) {
                attempt(key, bundle, () -> putBack(bundle));
            }
        }
        attempt("refresh", () -> framework.refresh(removed));
    }

    /** One of the host's own, that something else stood in for. */
    private void putBack(Bundle bundle) throws FeatureException, IOException {
        var file = Copies.fileOf(bundle);
        if (file != null) {
            var own = parts.copies().take(file);
            parts.change().make(List.of(new Put(own, bundle.getLocation(), bundle, false)));
        }
        parts.copies().isAsInstalled(bundle);
    }

    private void tell(Map<Bundle, Wanted> claims) {
        var origins = new HashMap<Long, String>();
        for (var bundle : claims.keySet()) {
            var wanted = claims.get(bundle);
            if (wanted.single() || Wanted.isOurs(bundle)) {
                origins.put(bundle.getBundleId(), wanted.origin());
            }
        }
        parts.origins().putAll(origins);
        parts.origins().keySet().retainAll(origins.keySet());
        var here = framework.bundles().stream().map(Bundle::getBundleId).toList();
        parts.problems().keySet().retainAll(here);
    }

    private void attempt(String what, Task task) {
        attempt(what, null, task);
    }

    private void attempt(String what, @Nullable Bundle bundle, Task task) {
        var last = failed.get(what);
        if (last != null && last == framework.changes()) {
            return;
        }
        try {
            task.run();
            failed.remove(what);
            if (bundle != null) {
                parts.noProblem(bundle);
            }
        } catch (FeatureException | IOException | IllegalStateException e) {
            if (Thread.currentThread().isInterrupted()) {
                LOG.log(Level.DEBUG, e.getMessage());
                return;
            }
            LOG.log(Level.WARNING, e.getMessage());
            anyFailed = true;
            failed.put(what, framework.changes());
            if (bundle != null) {
                parts.problem(bundle, String.valueOf(e.getMessage()));
            }
        }
    }

    /** Something that may be refused. */
    private interface Task {
        void run() throws FeatureException, IOException;
    }
}
