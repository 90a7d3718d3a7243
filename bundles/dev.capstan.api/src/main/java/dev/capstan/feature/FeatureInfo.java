package dev.capstan.feature;

import java.util.List;

/**
 * A named set of bundles.
 *
 * @param name its name
 * @param title its name as people read it
 * @param version its version
 * @param description what it is for; may be empty
 * @param builtIn whether it came with the host and cannot be removed
 * @param active whether it was started
 * @param bundles symbolic names of its bundles that are installed
 */
public record FeatureInfo(
        String name,
        String title,
        String version,
        String description,
        boolean builtIn,
        boolean active,
        List<String> bundles) {

    /** Creates a snapshot; bundles are copied. */
    public FeatureInfo {
        bundles = List.copyOf(bundles);
    }
}
