package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.feature.FeatureBundle;

/**
 * What is to be installed, as files: where they are, or fetched into a folder that is deleted
 * afterwards. Made and closed by whoever asks, so that changes of others do not wait for a network.
 *
 * @param location where it comes from
 * @param file a bundle or a feature file
 * @param bundles those of a feature's bundles that were fetched, by their ids
 * @param folder what was fetched, or null
 */
record Source(URI location, Path file, Map<String, Path> bundles, @Nullable Path folder)
        implements AutoCloseable {

    static Source of(URI location, FeatureFiles files, @Nullable Remote remote)
            throws FeatureException, IOException {
        var folder = Files.createTempDirectory("capstan-install");
        try {
            var file =
                    Remote.is(location)
                            ? fetch(location, null, folder, remote)
                            : LocalFile.of(location);
            var bundles = new HashMap<String, Path>();
            if (isFeature(file)) {
                for (var bundle : files.read(file).getBundles()) {
                    var lies = files.remote(bundle, location);
                    if (lies != null) {
                        var name = FeatureFiles.fileName(bundle);
                        bundles.put(bundle.getID().toString(), fetch(lies, name, folder, remote));
                    }
                }
            }
            return new Source(location, file, Map.copyOf(bundles), folder);
        } catch (FeatureException | IOException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    boolean isFeature() throws IOException {
        return isFeature(file);
    }

    /** The bundle's file. */
    Path find(FeatureBundle bundle, FeatureFiles files) throws FeatureException {
        var fetched = bundles.get(bundle.getID().toString());
        return fetched == null ? files.find(bundle, file) : fetched;
    }

    @Override
    public void close() {
        if (folder != null) {
            delete(folder);
        }
    }

    private static Path fetch(
            URI location, @Nullable String name, Path folder, @Nullable Remote remote)
            throws FeatureException {
        if (location.getRawUserInfo() != null) {
            // It would be kept for updates, and shown.
            throw new FeatureException(
                    Reason.INVALID,
                    "A link with a password is not kept: download it first, then install the file",
                    null);
        }
        if (remote == null) {
            throw new FeatureException(
                    Reason.IO, "The download queue is not there, so nothing can be fetched", null);
        }
        return remote.fetch(location, name, folder);
    }

    private static boolean isFeature(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            int c;
            do {
                c = in.read();
            } while (Character.isWhitespace(c));
            return c == '{';
        }
    }

    private static void delete(Path folder) {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.getLogger(Source.class.getName())
                    .log(System.Logger.Level.DEBUG, folder + " is not deleted", e);
        }
    }
}
