package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.packaging.Packager;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes bundles and whole distributions for tests. */
final class Lab {

    /** The bundles of Felix every distribution of a test has. */
    static final List<String> SERVICES =
            List.of(
                    "org.osgi.util.function",
                    "org.osgi.util.promise",
                    "org.osgi.service.component",
                    "org.apache.felix.configadmin",
                    "org.apache.felix.eventadmin",
                    "org.apache.felix.scr");

    private static final List<String> CLASS_PATH =
            List.of("org.apache.felix.framework", "jakarta.json", "org.osgi.service.log");

    private Lab() {}

    /** A jar of the test's own class path, by its artifact. */
    static Path library(String artifact) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().matches(artifact + "-\\d.*\\.jar"))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(artifact + " is not on the class path"));
    }

    static List<Path> services() {
        return SERVICES.stream().map(Lab::library).toList();
    }

    /** Writes a bundle. */
    static Path bundle(
            Path folder, String name, Map<String, String> headers, Map<String, byte[]> content)
            throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        headers.forEach(main::putValue);
        var jar = folder.resolve(name + "-1.0.jar");
        try (var writer = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (var entry : content.entrySet()) {
                writer.putNextEntry(new JarEntry(entry.getKey()));
                writer.write(entry.getValue());
                writer.closeEntry();
            }
        }
        return jar;
    }

    /** The bundle that takes commands. */
    static Path errand(Path folder) throws IOException {
        var content = new TreeMap<String, byte[]>();
        var classes =
                Path.of(Errand.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        try (var files = Files.walk(classes)) {
            for (var file :
                    files.filter(f -> f.getFileName().toString().startsWith("Errand")).toList()) {
                content.put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        var headers =
                Map.of(
                        "Bundle-Activator",
                        Errand.class.getName(),
                        "Import-Package",
                        "org.osgi.framework,org.osgi.util.tracker,org.osgi.service.cm");
        return bundle(folder, "errand", headers, content);
    }

    /** Packs a distribution whose feature "core" has the services and the bundles given. */
    static Path distribution(Path folder, Path... bundles) throws IOException {
        var libraries = new ArrayList<>(services());
        libraries.addAll(List.of(bundles));
        var ids = new ArrayList<String>();
        for (var library : libraries) {
            var name = library.getFileName().toString().replace(".jar", "");
            var dash = name.lastIndexOf('-');
            ids.add(
                    "{\"id\":\"g:"
                            + name.substring(0, dash)
                            + ":"
                            + name.substring(dash + 1)
                            + "\"}");
        }
        var feature =
                "{\"id\":\"test:core:${project.version}\",\"bundles\":["
                        + String.join(",", ids)
                        + "]}";
        var features = Files.createDirectories(folder.resolve("features"));
        Files.writeString(features.resolve("core.json"), feature, UTF_8);
        CLASS_PATH.forEach(artifact -> libraries.add(library(artifact)));
        var classes =
                Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        var launch = folder.resolve("launch.properties");
        if (!Files.exists(launch)) {
            Files.copy(Path.of("launch.properties"), launch);
        }
        return new Packager(classes, launch, features, "1.2.3", libraries).write(folder);
    }
}
