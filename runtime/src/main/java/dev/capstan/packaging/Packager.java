package dev.capstan.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * Makes {@code capstan.jar}: the launcher, the framework and what they need as classes; every
 * bundle a feature names as a file in {@code bundles/}; the features; and the launcher's index.
 *
 * <p>The same bundles are laid out beside it in {@code lib-ID}, so that a host started from here
 * opens them where they are. The id names the content of them all.
 */
public final class Packager {

    private static final String FRAMEWORK = "org.apache.felix.framework-";

    /** Libraries whose classes go into the jar itself. */
    private static final List<String> CLASS_PATH =
            List.of(FRAMEWORK, "jakarta.json-", "org.osgi.service.log-");

    private final Path launcher;
    private final Properties index = new Properties();
    private final Features features;
    private final Map<String, Path> bundles = new TreeMap<>();
    private final Map<String, Path> classPath = new TreeMap<>();

    /**
     * Takes what is to be packed.
     *
     * @param launcher the launcher's own classes and resources
     * @param launch what the launcher's verbs and options stand for
     * @param features the folder with the feature files
     * @param version the version of the project
     * @param libraries the jars of all bundles and of the class path, and no others
     */
    public Packager(
            Path launcher, Path launch, Path features, String version, Collection<Path> libraries)
            throws IOException {
        this.launcher = launcher;
        this.features = new Features(features, version);
        try (var reader = Files.newBufferedReader(launch)) {
            index.load(reader);
        }
        index.putAll(this.features.index());
        index.put("version", version);
        sort(libraries);
    }

    /** Writes {@code capstan.jar} and its folder of bundles, and removes older such folders. */
    public Path write(Path folder) throws IOException {
        var contents = new TreeMap<String, byte[]>();
        for (var bundle : bundles.entrySet()) {
            contents.put(bundle.getKey(), Files.readAllBytes(bundle.getValue()));
        }
        features.files().forEach((name, file) -> contents.put("features/" + name, file));
        var id = id(contents);
        index.put("id", id);
        layOut(contents, folder, "lib-" + id);
        var jar = folder.resolve("capstan.jar");
        try (var writer = new JarWriter(jar, manifest())) {
            writer.add("capstan.properties", properties(index));
            writer.add("metatype.properties", properties(metatype()));
            addLauncher(writer);
            for (var library : classPath.values()) {
                addClasses(library, writer);
            }
            for (var content : contents.entrySet()) {
                var name = content.getKey();
                writer.store(
                        name.startsWith("features/") ? name : "bundles/" + name,
                        content.getValue());
            }
        }
        return jar;
    }

    private void sort(Collection<Path> libraries) throws IOException {
        var named = features.bundles();
        for (var library : libraries) {
            var name = library.getFileName().toString();
            var onClassPath = CLASS_PATH.stream().anyMatch(name::startsWith);
            if (onClassPath) {
                classPath.put(name, library);
                if (name.startsWith(FRAMEWORK)) {
                    index.put("name.of.framework", nameAndVersion(library));
                }
            }
            if (named.remove(name)) {
                bundles.put(name, library);
            } else if (!onClassPath) {
                throw new IOException(name + " is a dependency of the runtime, but in no feature.");
            }
        }
        if (!named.isEmpty()) {
            throw new IOException(named + " are in a feature, but no dependency of the runtime.");
        }
    }

    private void addLauncher(JarWriter writer) throws IOException {
        try (var files = Files.walk(launcher)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                var name = launcher.relativize(file).toString();
                if (!name.startsWith("dev/capstan/packaging/")) {
                    writer.add(name, Files.readAllBytes(file));
                }
            }
        }
    }

    private static void addClasses(Path library, JarWriter writer) throws IOException {
        try (var jar = new JarFile(library.toFile())) {
            for (var entry : jar.stream().filter(any -> !any.isDirectory()).toList()) {
                var name = entry.getName();
                if (name.matches("(META-INF/)?(LICENSE|NOTICE)[^/]*")) {
                    name =
                            "META-INF/licenses/"
                                    + library.getFileName()
                                    + "/"
                                    + name.replace("META-INF/", "");
                } else if (name.matches("(META-INF/(?!services/)|OSGI-OPT/|module-info|about).*")) {
                    continue;
                }
                writer.add(name, jar.getInputStream(entry).readAllBytes());
            }
        }
    }

    private Map<String, String> metatype() throws IOException {
        var metatype = new MetatypeIndex();
        for (var bundle : bundles.values()) {
            metatype.add(bundle);
        }
        return metatype.lines();
    }

    private static Manifest manifest() {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, "dev.capstan.launcher.Main");
        // SQLite's library is loaded by a bundle; later Java versions warn where this is not said.
        main.putValue("Enable-Native-Access", "ALL-UNNAMED");
        return manifest;
    }

    private static String nameAndVersion(Path jar) throws IOException {
        try (var library = new JarFile(jar.toFile())) {
            var main = library.getManifest().getMainAttributes();
            return main.getValue("Bundle-Name") + " " + main.getValue("Bundle-Version");
        }
    }

    private static String id(Map<String, byte[]> contents) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var content : contents.entrySet()) {
                digest.update(
                        (content.getKey() + "\n" + content.getValue().length + "\n")
                                .getBytes(UTF_8));
                digest.update(content.getValue());
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lines in a fixed order, without the date the JDK would put before them. */
    private static byte[] properties(Map<?, ?> values) throws IOException {
        var properties = new Properties();
        properties.putAll(values);
        var written = new StringWriter();
        properties.store(written, null);
        return written.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"))
                .getBytes(UTF_8);
    }

    private static void layOut(Map<String, byte[]> contents, Path folder, String name)
            throws IOException {
        try (var others = Files.newDirectoryStream(folder, "lib-*")) {
            for (var other : others) {
                delete(other);
            }
        }
        for (var content : contents.entrySet()) {
            var file = folder.resolve(name).resolve(content.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, content.getValue());
        }
    }

    static void delete(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
