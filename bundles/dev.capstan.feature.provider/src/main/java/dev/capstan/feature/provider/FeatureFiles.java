package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureService;

/**
 * Reads feature files (OSGi Compendium, chapter 159) and finds the bundles they name: at the {@code
 * location} given beside the id, in the feature file's folder, or among the host's own.
 */
final class FeatureFiles {
    private static final System.Logger LOG = System.getLogger(FeatureFiles.class.getName());
    private static final String LOCATION = "location";

    private final AtomicReference<FeatureService> reader = new AtomicReference<>();
    private final @Nullable Path library;
    private final Map<Path, Feature> unchanging = new ConcurrentHashMap<>();

    FeatureFiles(@Nullable Path library) {
        this.library = library;
    }

    void bind(FeatureService service) {
        reader.set(service);
    }

    void unbind(FeatureService service) {
        reader.compareAndSet(service, null);
    }

    boolean canRead() {
        return reader.get() != null;
    }

    Feature read(Path file) throws FeatureException {
        var service = reader.get();
        if (service == null) {
            throw new FeatureException(
                    Reason.UNRESOLVED, "Nothing here can read feature files", null);
        }
        try (var text = Files.newBufferedReader(file)) {
            return service.readFeature(text);
        } catch (RuntimeException | IOException e) {
            throw new FeatureException(
                    Reason.INVALID, file + " is no feature file: " + e.getMessage(), e);
        }
    }

    /** Reads a file that never changes. */
    Feature readOnce(Path file) throws FeatureException {
        var known = unchanging.get(file);
        if (known == null) {
            known = read(file);
            unchanging.put(file, known);
        }
        return known;
    }

    /** Reads a file that never changes, as long as feature files can be read. */
    Optional<Feature> tryReadOnce(Path file) {
        try {
            return Optional.of(readOnce(file));
        } catch (FeatureException e) {
            LOG.log(Level.DEBUG, "A feature is not read", e);
            return Optional.empty();
        }
    }

    /** The bundle's file. */
    Path find(FeatureBundle bundle, Path feature) throws FeatureException {
        var location = bundle.getMetadata().get(LOCATION);
        if (location != null) {
            return LocalFile.of(location.toString(), feature);
        }
        return inFolders(bundle, feature)
                .orElseThrow(
                        () ->
                                new FeatureException(
                                        Reason.NOT_FOUND,
                                        "%s names %s, and %s is neither beside it nor in this host"
                                                .formatted(
                                                        feature, bundle.getID(), fileName(bundle)),
                                        null));
    }

    /**
     * Where a bundle is to be fetched from; null where it is a file.
     *
     * @param feature where the feature file that names it comes from
     */
    @Nullable URI remote(FeatureBundle bundle, URI feature) throws FeatureException {
        var named = bundle.getMetadata().get(LOCATION);
        if (named == null && (!Remote.is(feature) || Files.isRegularFile(inLibrary(bundle)))) {
            return null;
        }
        try {
            var lies = feature.resolve(named == null ? fileName(bundle) : named.toString());
            return Remote.is(lies) ? lies : null;
        } catch (IllegalArgumentException e) {
            if (!Remote.is(feature)) {
                return null; // a path, that is no URL
            }
            throw new FeatureException(
                    Reason.INVALID, bundle.getID() + " has no location: " + named, e);
        }
    }

    /** The file of one of the host's own bundles; it need not be there. */
    Path inLibrary(FeatureBundle bundle) {
        return library == null ? Path.of(fileName(bundle)) : library.resolve(fileName(bundle));
    }

    private Optional<Path> inFolders(FeatureBundle bundle, Path feature) {
        var id = bundle.getID();
        var name = fileName(bundle);
        var repository =
                feature.resolveSibling(id.getGroupId().replace('.', '/'))
                        .resolve(id.getArtifactId())
                        .resolve(id.getVersion());
        return Stream.of(
                        feature.resolveSibling(name),
                        feature.resolveSibling("bundles").resolve(name),
                        repository.resolve(name),
                        inLibrary(bundle))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    static String fileName(FeatureBundle bundle) {
        var id = bundle.getID();
        var classifier = id.getClassifier().map(value -> "-" + value).orElse("");
        return id.getArtifactId()
                + "-"
                + id.getVersion()
                + classifier
                + "."
                + id.getType().orElse("jar");
    }
}
