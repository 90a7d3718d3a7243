package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Files that somebody names. */
final class LocalFile {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    private LocalFile() {}

    /** The file of a {@code file:} link. */
    static Path of(URI location) throws FeatureException {
        if (!"file".equalsIgnoreCase(location.getScheme())) {
            throw new FeatureException(
                    Reason.INVALID,
                    location
                            + " is no file, and of no scheme that is fetched: use file, http or https",
                    null);
        }
        try {
            return existing(Path.of(location));
        } catch (IllegalArgumentException e) {
            throw new FeatureException(Reason.INVALID, location + " names no file", e);
        }
    }

    /** The file that another one names, by a {@code file:} link or a path from its folder. */
    static Path of(String location, Path namedIn) throws FeatureException {
        try {
            return SCHEME.matcher(location).matches()
                    ? of(URI.create(location))
                    : existing(namedIn.resolveSibling(location));
        } catch (IllegalArgumentException e) {
            throw new FeatureException(Reason.INVALID, location + " names no file", e);
        }
    }

    private static Path existing(Path file) throws FeatureException {
        if (!Files.isRegularFile(file)) {
            throw new FeatureException(Reason.NOT_FOUND, "There is no file " + file, null);
        }
        return file;
    }
}
