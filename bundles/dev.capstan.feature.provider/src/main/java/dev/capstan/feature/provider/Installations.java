package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.name.DurableFile;
import dev.capstan.name.SafeNames;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was installed to stay: for each feature or single bundle a folder that never changes, and a
 * file {@code NAME.installed} that names it. Writing that file is what makes an installation count;
 * folders that none names are remains and deleted.
 *
 * <p>{@code feature.json} in the folder makes it a feature's; every {@code .jar} is a bundle. One
 * thread changes, any number read.
 */
final class Installations {
    private static final System.Logger LOG = System.getLogger(Installations.class.getName());
    private static final String INSTALLED = ".installed";
    private static final String FEATURE = "feature.json";

    private final Path root;
    private volatile Map<String, Installation> installations = Map.of();

    Installations(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        load();
        deleteRemains();
    }

    /**
     * Something that was installed.
     *
     * @param name the feature's name or the bundle's symbolic name
     * @param location where it was installed from
     * @param feature the feature file, or null for a single bundle
     * @param jars its bundles
     * @param folder where all of it is kept
     */
    record Installation(
            String name, URI location, @Nullable Path feature, List<Jar> jars, Path folder) {}

    /** All, by name. */
    List<Installation> all() {
        return List.copyOf(installations.values());
    }

    Optional<Installation> find(String name) {
        return Optional.ofNullable(installations.get(name));
    }

    /**
     * Makes everything durable but the fact that it counts.
     *
     * @param feature the feature file, or null for a single bundle
     */
    Installation prepare(String name, URI location, @Nullable Path feature, List<Jar> jars)
            throws IOException {
        var folder = root.resolve(SafeNames.fileName(name, "bundle") + "." + UUID.randomUUID());
        Files.createDirectory(folder);
        var kept = new ArrayList<Jar>();
        for (var jar : jars) {
            var file = jar.symbolicName() + "-" + jar.version() + ".jar";
            var path = copy(jar.path(), folder.resolve(SafeNames.fileName(file, "bundle.jar")));
            kept.add(new Jar(path, jar.symbolicName(), jar.version(), jar.digest()));
        }
        var json = feature == null ? null : copy(feature, folder.resolve(FEATURE));
        DurableFile.sync(folder);
        return new Installation(name, location, json, List.copyOf(kept), folder);
    }

    /** Makes it count, in place of an older one of that name. */
    void commit(Installation installation) throws IOException {
        var record = new Properties();
        record.setProperty("name", installation.name());
        record.setProperty("location", installation.location().toString());
        record.setProperty("folder", installation.folder().getFileName().toString());
        fileOf(installation.name()).write(record);
        var changed = new TreeMap<>(installations);
        changed.put(installation.name(), installation);
        installations = changed;
        deleteRemains();
    }

    void remove(String name) throws IOException {
        fileOf(name).delete();
        var changed = new TreeMap<>(installations);
        changed.remove(name);
        installations = changed;
        deleteRemains();
    }

    /** Deletes what no file names, be the file readable in all else or not. */
    void deleteRemains() throws IOException {
        var kept = new HashSet<String>();
        for (var file : files()) {
            kept.add(file.readOrEmpty().getProperty("folder"));
        }
        try (var folders = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (var folder : folders) {
                if (!kept.contains(folder.getFileName().toString())) {
                    delete(folder);
                }
            }
        }
    }

    private List<PropertiesFile> files() throws IOException {
        var files = new ArrayList<PropertiesFile>();
        try (var paths = Files.newDirectoryStream(root, "*" + INSTALLED)) {
            paths.forEach(path -> files.add(new PropertiesFile(path)));
        }
        return files;
    }

    private void load() throws IOException {
        var loaded = new TreeMap<String, Installation>();
        for (var file : files()) {
            try {
                var installation = read(file);
                loaded.put(installation.name(), installation);
            } catch (IOException | FeatureException | IllegalArgumentException e) {
                LOG.log(Level.WARNING, file.path() + " is passed over", e);
            }
        }
        installations = loaded;
    }

    private Installation read(PropertiesFile file) throws IOException, FeatureException {
        var record = file.read();
        var folder = root.resolve(record.getProperty("folder", "-"));
        var jars = new ArrayList<Jar>();
        try (var paths = Files.newDirectoryStream(folder, "*.jar")) {
            for (var path : paths) {
                jars.add(Jar.read(path));
            }
        }
        jars.sort(Comparator.comparing(Jar::symbolicName));
        var feature = folder.resolve(FEATURE);
        return new Installation(
                record.getProperty("name", ""),
                URI.create(record.getProperty("location", "")),
                Files.exists(feature) ? feature : null,
                List.copyOf(jars),
                folder);
    }

    private PropertiesFile fileOf(String name) {
        return new PropertiesFile(root.resolve(SafeNames.fileName(name, "bundle") + INSTALLED));
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
        DurableFile.sync(to);
        return to;
    }

    private static void delete(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
