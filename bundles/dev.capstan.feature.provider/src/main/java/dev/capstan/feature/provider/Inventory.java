package dev.capstan.feature.provider;

import dev.capstan.feature.BundleInfo;
import dev.capstan.feature.FeatureInfo;
import dev.capstan.feature.provider.Installations.Installation;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
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
        var own = builtIn.names().stream().map(this::builtIn);
        var installed =
                parts.installations().all().stream()
                        .filter(installation -> installation.feature() != null)
                        .map(this::installed);
        return Stream.concat(own, installed)
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    List<BundleInfo> bundles() {
        return parts.framework().bundles().stream().map(this::info).toList();
    }

    private FeatureInfo builtIn(String name) {
        var feature = builtIn.tryRead(name);
        var files = feature.stream().flatMap(f -> f.getBundles().stream());
        var here =
                files.map(bundle -> Copies.locationOf(parts.files().inLibrary(bundle)))
                        .map(location -> parts.framework().at(location).orElse(null))
                        .toList();
        var complete = !here.isEmpty() && here.stream().allMatch(Objects::nonNull);
        return new FeatureInfo(
                name,
                feature.map(f -> f.getID().getVersion()).orElse(""),
                feature.map(Inventory::description).orElse(""),
                true,
                started.contains(name) || complete,
                here.stream().filter(Objects::nonNull).map(Bundle::getSymbolicName).toList());
    }

    private FeatureInfo installed(Installation installation) {
        return null;
    }

    private static String description(Feature feature) {
        return feature.getDescription().or(feature::getName).orElse("");
    }

    private BundleInfo info(Bundle bundle) {
        return new BundleInfo(
                bundle.getBundleId(),
                String.valueOf(bundle.getSymbolicName()),
                bundle.getVersion().toString(),
                state(bundle),
                origin(bundle),
                problem(bundle));
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
