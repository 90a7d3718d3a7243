package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.service.feature.Feature;

/** The features that came with the host, {@code NAME.json} in a folder. Safe for any thread. */
final class BuiltIn {
    private static final System.Logger LOG = System.getLogger(BuiltIn.class.getName());
    private static final String JSON = ".json";

    private final @Nullable Path folder;
    private final FeatureFiles files;

    BuiltIn(@Nullable Path folder, FeatureFiles files) {
        this.folder = folder;
        this.files = files;
    }

    boolean has(String name) {
        return names().contains(name);
    }

    List<String> names() {
        if (folder == null) {
            return List.of();
        }
        try (var found = Files.list(folder)) {
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
        if (folder == null) {
            throw new FeatureException(Reason.NOT_FOUND, "There is no feature " + name, null);
        }
        return files.readOnce(folder.resolve(name + JSON));
    }

    /** The feature, as long as feature files can be read. */
    Optional<Feature> find(String name) {
        return folder == null ? Optional.empty() : files.tryReadOnce(folder.resolve(name + JSON));
    }

    /** The name of the feature that brings one of the host's own bundles. */
    Optional<String> featureOf(Bundle bundle) {
        var file = Copies.fileOf(bundle);
        return file == null
                ? Optional.empty()
                : names().stream()
                        .filter(name -> find(name).stream().anyMatch(f -> brings(f, file)))
                        .findFirst();
    }

    private boolean brings(Feature feature, Path file) {
        return feature.getBundles().stream().anyMatch(b -> file.equals(files.inLibrary(b)));
    }
}
