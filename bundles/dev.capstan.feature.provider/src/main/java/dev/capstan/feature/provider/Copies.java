package dev.capstan.feature.provider;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.capstan.feature.FeatureException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * Copies of the bytes bundles were made of, so that an update can be taken back and a file may
 * change while it is installed. They lie in the framework's cache, since they are worth nothing
 * without it: {@code DIGEST.jar} for the bytes, {@code ID.of} with the digest for each bundle.
 */
final class Copies {
    static final String REFERENCE = "reference:";
    private static final String JAR = ".jar";
    private static final String OF = ".of";

    private final Path folder;

    Copies(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /**
     * Copies a file and reads the copy.
     *
     * @throws IOException if it is no whole zip file, or cannot be read
     * @throws FeatureException if it is a zip file and no bundle
     */
    Jar take(Path file) throws IOException, FeatureException {
        var copy = folder.resolve(UUID.randomUUID() + ".new");
        try {
            Files.copy(file, copy);
            var jar = Jar.read(copy);
            var kept = folder.resolve(jar.digest() + JAR);
            Files.move(copy, kept, ATOMIC_MOVE);
            return new Jar(kept, jar.symbolicName(), jar.version(), jar.digest());
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** The bytes a bundle is made of, or null if it came from somewhere that is no file. */
    @Nullable Jar current(Bundle bundle) throws IOException, FeatureException {
        var digest = digestOf(bundle);
        if (digest != null) {
            return Jar.read(folder.resolve(digest + JAR));
        }
        var file = fileOf(bundle);
        return file == null || !Files.isRegularFile(file) ? null : Jar.read(file);
    }

    /** The digest of what a bundle was made of here, or null where it is as it was installed. */
    @Nullable String digestOf(Bundle bundle) throws IOException {
        var of = folder.resolve(bundle.getBundleId() + OF);
        return Files.exists(of) ? Files.readString(of) : null;
    }

    /** The file a bundle was installed from by reference, as the host's own are. */
    static @Nullable Path fileOf(Bundle bundle) {
        var location = bundle.getLocation();
        return location.startsWith(REFERENCE + "file:")
                ? Path.of(URI.create(location.substring(REFERENCE.length())))
                : null;
    }

    /** The location by which one of the host's own is opened where it lies. */
    static String locationOf(Path file) {
        return REFERENCE + file.toUri();
    }

    void becomes(Bundle bundle, Jar jar) throws IOException {
        if (!jar.path().startsWith(folder)) {
            var kept = folder.resolve(jar.digest() + JAR);
            Files.copy(jar.path(), kept, REPLACE_EXISTING);
        }
        Files.writeString(folder.resolve(bundle.getBundleId() + OF), jar.digest());
    }

    void isAsInstalled(Bundle bundle) throws IOException {
        Files.deleteIfExists(folder.resolve(bundle.getBundleId() + OF));
    }

    /** Deletes all bytes but those of living bundles and of some digests. */
    void retain(Collection<Bundle> bundles, Set<String> digests) throws IOException {
        var kept = new HashSet<String>();
        digests.forEach(digest -> kept.add(digest + JAR));
        for (var bundle : bundles) {
            var digest = digestOf(bundle);
            if (digest != null) {
                kept.add(bundle.getBundleId() + OF);
                kept.add(digest + JAR);
            }
        }
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                if (!kept.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }
}
