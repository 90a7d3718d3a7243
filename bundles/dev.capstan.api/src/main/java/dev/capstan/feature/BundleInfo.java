package dev.capstan.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bundle of the running host.
 *
 * @param id its id in the framework
 * @param symbolicName its symbolic name
 * @param version its version
 * @param state {@code ACTIVE}, {@code RESOLVED}, {@code INSTALLED} …
 * @param origin the feature it belongs to, {@code drop-in}, {@code installed} or {@code built-in}
 * @param problem what is missing or went wrong, in one sentence, or null where all is well
 * @param neededBy symbolic names of the bundles that use its classes now
 */
public record BundleInfo(
        long id,
        String symbolicName,
        String version,
        String state,
        String origin,
        @Nullable String problem,
        List<String> neededBy) {

    /** Creates a snapshot; the list is copied. */
    public BundleInfo {
        neededBy = List.copyOf(neededBy);
    }
}
