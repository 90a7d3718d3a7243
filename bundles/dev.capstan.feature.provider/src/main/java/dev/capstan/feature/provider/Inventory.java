package dev.capstan.feature.provider;

import dev.capstan.feature.BundleInfo;
import dev.capstan.feature.FeatureInfo;
import dev.capstan.feature.provider.Installations.Installation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.feature.Feature;

/** Tells what is there, for any thread. */
final class Inventory {
    private final Parts parts;
    private final BuiltIn builtIn;
    private final Set<String> started;

    Inventory(Parts parts, BuiltIn builtIn, Set<String> started) {
        this.parts = parts;
        this.builtIn = builtIn;
        this.started = started;
    }

    List<FeatureInfo> features() {
        var features = new ArrayList<FeatureInfo>();
        builtIn.names().forEach(name -> features.add(builtIn(name)));
        for (var installation : parts.installations().all()) {
            var file = installation.feature();
            if (file != null) {
                features.add(installed(installation, file));
            }
        }
        features.sort(Comparator.comparing(FeatureInfo::name));
        return features;
    }

    List<BundleInfo> bundles() {
        return parts.framework().bundles().stream().map(this::info).toList();
    }

    private FeatureInfo builtIn(String name) {
        var feature = builtIn.find(name);
        var bundles =
                feature.stream()
                        .flatMap(f -> f.getBundles().stream())
                        .map(bundle -> Copies.locationOf(parts.files().inLibrary(bundle)))
                        .map(location -> parts.framework().at(location))
                        .toList();
        return info(
                name,
                feature,
                true,
                started.contains(name)
                        || (!bundles.isEmpty() && bundles.stream().allMatch(Optional::isPresent)),
                bundles);
    }

    private FeatureInfo installed(Installation installation, Path file) {
        var bundles =
                installation.jars().stream()
                        .map(jar -> parts.framework().find(jar.symbolicName()))
                        .toList();
        return info(
                installation.name(),
                parts.files().tryReadOnce(file),
                false,
                bundles.stream().allMatch(bundle -> bundle.filter(Inventory::works).isPresent()),
                bundles);
    }

    private static FeatureInfo info(
            String name,
            Optional<Feature> feature,
            boolean builtIn,
            boolean active,
            List<Optional<Bundle>> bundles) {
        return new FeatureInfo(
                name,
                feature.flatMap(Feature::getName).orElse(name),
                feature.map(f -> f.getID().getVersion()).orElse(""),
                feature.flatMap(f -> f.getDescription().or(f::getName)).orElse(""),
                builtIn,
                active,
                bundles.stream().flatMap(Optional::stream).map(Bundle::getSymbolicName).toList());
    }

    private static boolean works(Bundle bundle) {
        return LiveFramework.runs(bundle) || LiveFramework.isFragment(bundle);
    }

    private BundleInfo info(Bundle bundle) {
        return new BundleInfo(
                bundle.getBundleId(),
                String.valueOf(bundle.getSymbolicName()),
                bundle.getVersion().toString(),
                state(bundle),
                origin(bundle),
                problem(bundle),
                Dependents.wiredTo(bundle));
    }

    private String origin(Bundle bundle) {
        var origin = parts.origins().get(bundle.getBundleId());
        return origin != null ? origin : builtIn.featureOf(bundle).orElse("built-in");
    }

    private @Nullable String problem(Bundle bundle) {
        var problem = parts.problems().get(bundle.getBundleId());
        if (problem != null || bundle.getState() != Bundle.INSTALLED) {
            return problem;
        }
        var missing = parts.framework().missing().of(bundle);
        return missing.isEmpty() ? null : String.join("; ", missing);
    }

    private static String state(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.INSTALLED -> "INSTALLED";
            case Bundle.RESOLVED -> "RESOLVED";
            case Bundle.STARTING -> "STARTING";
            case Bundle.ACTIVE -> "ACTIVE";
            case Bundle.STOPPING -> "STOPPING";
            default -> "UNINSTALLED";
        };
    }
}
