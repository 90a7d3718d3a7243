package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.feature.Feature;

/** The features that came with the host: files that never change. Safe for any thread. */
final class BuiltIn {
    private static final System.Logger LOG = System.getLogger(BuiltIn.class.getName());
    private static final String JSON = ".json";

    private final @Nullable Path folder;
    private final FeatureFiles files;
    private final Map<String, Feature> read = new ConcurrentHashMap<>();

    BuiltIn(@Nullable Path folder, FeatureFiles files) {
        this.folder = folder;
        this.files = files;
    }

    boolean has(String name) {
        return folder != null && Files.isRegularFile(folder.resolve(name + JSON));
    }

    List<String> names() {
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(JSON))
                    .map(name -> name.substring(0, name.length() - JSON.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.log(Level.WARNING, folder + " cannot be read", e);
            return List.of();
        }
    }

    Feature read(String name) throws FeatureException {
        var known = read.get(name);
        if (known == null && folder != null) {
            known = files.read(folder.resolve(name + JSON));
            read.put(name, known);
        }
        if (known == null) {
            throw new FeatureException(
                    FeatureException.Reason.NOT_FOUND, "There is no feature " + name, null);
        }
        return known;
    }

    /** The feature, as long as feature files can be read. */
    Optional<Feature> tryRead(String name) {
        try {
            return Optional.of(read(name));
        } catch (FeatureException e) {
            LOG.log(Level.DEBUG, "A feature of the host is not read", e);
            return Optional.empty();
        }
    }

    /** The name of the feature that brings one of the host's own bundles. */
    Optional<String> featureOf(Bundle bundle) {
        var file = Copies.fileOf(bundle);
        return file == null
                ? Optional.empty()
                : names().stream()
                        .filter(name -> tryRead(name).stream().anyMatch(f -> brings(f, file)))
                        .findFirst();
    }

    private boolean brings(Feature feature, Path file) {
        return feature.getBundles().stream().anyMatch(b -> file.equals(files.inLibrary(b)));
    }
}
