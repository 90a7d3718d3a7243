package dev.capstan.admin.rest.json;

import dev.capstan.feature.BundleInfo;
import dev.capstan.feature.FeatureInfo;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Features and bundles. */
public final class FeatureJson {
    /** Where a bundle is from that can be removed by itself. */
    private static final Set<String> SINGLE = Set.of("installed", "drop-in");

    private static final Set<String> NO_FEATURE = Set.of("installed", "drop-in", "built-in");

    private FeatureJson() {}

    /**
     * A feature.
     *
     * @param bundles those of the host, by symbolic name
     */
    public static JsonObject of(FeatureInfo feature, Map<String, BundleInfo> bundles) {
        var problem =
                feature.bundles().stream()
                        .map(bundles::get)
                        .filter(Objects::nonNull)
                        .map(BundleInfo::problem)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        return new Fields()
                .put("id", feature.name())
                .put("name", feature.title())
                .put("description", feature.description())
                .put("version", feature.version())
                .put("builtIn", feature.builtIn())
                .put("state", feature.active() ? "ACTIVE" : "RESOLVED")
                .put("bundles", Fields.texts(feature.bundles()))
                .put("problem", problem)
                .object();
    }

    /** A bundle. */
    public static JsonObject of(BundleInfo bundle) {
        return new Fields()
                .put("id", bundle.id())
                .put("name", bundle.symbolicName())
                .put("version", bundle.version())
                .put("state", bundle.state())
                .put("removable", isRemovable(bundle))
                .put("feature", NO_FEATURE.contains(bundle.origin()) ? null : bundle.origin())
                .put("problem", bundle.problem())
                .put("neededBy", Fields.texts(bundle.neededBy()))
                .object();
    }

    /** Whether it can be removed by itself. */
    public static boolean isRemovable(BundleInfo bundle) {
        return SINGLE.contains(bundle.origin());
    }

    /** What a change would touch. */
    public static JsonObject affected(List<String> bundles, List<String> hosts, int downloads) {
        return new Fields()
                .put("bundles", Fields.texts(bundles))
                .put("hosts", Fields.texts(hosts))
                .put("downloads", (long) downloads)
                .object();
    }
}
