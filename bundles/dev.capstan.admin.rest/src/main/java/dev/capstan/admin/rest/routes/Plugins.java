package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureInfo;
import dev.capstan.feature.Features;
import dev.capstan.host.HostInfo;
import dev.capstan.host.Hosts;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Changes of what is installed, with what they touch. Safe for any number of threads; a change that
 * would take away the server itself is made by a thread of its own, {@code capstan-rest-change},
 * once its caller has been answered.
 */
@Component(service = Plugins.class)
public final class Plugins {
    private static final System.Logger LOG = System.getLogger(Plugins.class.getName());

    /** Whoever has one of these carries every download that runs. */
    private static final List<String> ENGINES =
            List.of("dev.capstan.download.Downloads", "dev.capstan.transfer.spi.TransferEngine");

    private final BundleContext context;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Features installer;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Hosts hosts;

    /** Takes whose bundle this is. */
    @Activate
    public Plugins(BundleContext context) {
        this.context = context;
    }

    /**
     * What a change touches beside itself.
     *
     * @param bundles symbolic names
     * @param hosts ids of hosts that go
     * @param downloads how many run that would wait
     */
    record Touched(List<String> bundles, List<String> hosts, int downloads) {}

    /** A change. */
    @FunctionalInterface
    interface Change {
        void make(Features features) throws FeatureException;
    }

    /** What is answered after it. */
    @FunctionalInterface
    interface After {
        Reply reply() throws ProblemException;
    }

    Features features() throws ProblemException {
        return ProblemException.present(installer, "the installer of plug-ins");
    }

    Touched affected(String name) throws ProblemException {
        var bundles = dependents(name);
        var gone = new HashSet<>(bundles);
        gone.addAll(own(name));
        var present = hosts == null ? List.<HostInfo>of() : hosts.list();
        var going = present.stream().filter(host -> gone.contains(host.bundle())).toList();
        var waiting = isEngineIn(gone) ? present : going;
        return new Touched(
                bundles,
                going.stream().map(HostInfo::id).toList(),
                waiting.stream().mapToInt(HostInfo::active).sum());
    }

    /**
     * Makes a change, and answers with what is so after it; at once with 202 where it takes the
     * server away for a moment.
     */
    Reply change(String name, Change change, After after) throws ProblemException {
        var gone = new HashSet<>(dependents(name));
        gone.addAll(own(name));
        if (gone.contains(context.getBundle().getSymbolicName())) {
            var thread = new Thread(() -> makeLater(name, change), "capstan-rest-change");
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
            return Reply.empty(202);
        }
        return changeNow(change, after);
    }

    /** Makes a change that is sure to leave the server alone. */
    Reply changeNow(Change change, After after) throws ProblemException {
        try {
            change.make(features());
        } catch (FeatureException e) {
            throw Failures.problem(e);
        }
        return after.reply();
    }

    private void makeLater(String name, Change change) {
        try {
            change.make(features());
        } catch (FeatureException | ProblemException e) {
            LOG.log(Level.WARNING, name + " was not changed: " + e.getMessage());
        }
    }

    private List<String> dependents(String name) throws ProblemException {
        try {
            return features().affected(name);
        } catch (FeatureException e) {
            throw Failures.problem(e);
        }
    }

    /** The bundles that a name stands for. */
    private Set<String> own(String name) throws ProblemException {
        return features().features().stream()
                .filter(feature -> feature.name().equals(name))
                .findFirst()
                .map(FeatureInfo::bundles)
                .<Set<String>>map(HashSet::new)
                .orElseGet(() -> Set.of(name));
    }

    private boolean isEngineIn(Set<String> bundles) {
        for (var engine : ENGINES) {
            var reference = context.getServiceReference(engine);
            var owner = reference == null ? null : reference.getBundle();
            if (owner != null && bundles.contains(String.valueOf(owner.getSymbolicName()))) {
                return true;
            }
        }
        return false;
    }
}
