package dev.capstan.feature;

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
 */
public record BundleInfo(
        long id,
        String symbolicName,
        String version,
        String state,
        String origin,
        @Nullable String problem) {}
