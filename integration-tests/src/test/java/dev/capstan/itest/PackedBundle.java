package dev.capstan.itest;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.eclipse.osgi.util.ManifestElement;
import org.osgi.framework.BundleException;

/**
 * A bundle as the build packed it: what its manifest says, and in which packages its classes are.
 */
record PackedBundle(String folder, Attributes manifest, Set<String> classPackages) {
    private static final Path BUNDLES = Path.of("..", "bundles");
    private static final String VERSION = System.getProperty("capstan.version");

    static List<PackedBundle> all() {
        try (var folders = Files.list(BUNDLES)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> read(folder.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PackedBundle read(String folder) {
        Path file = BUNDLES.resolve(folder + "/target/" + folder + "-" + VERSION + ".jar");
        try (var jar = new JarFile(file.toFile())) {
            Set<String> packages =
                    jar.stream()
                            .map(ZipEntry::getName)
                            .filter(entry -> entry.endsWith(".class"))
                            .map(entry -> entry.substring(0, entry.lastIndexOf('/')))
                            .map(entry -> entry.replace('/', '.'))
                            .collect(toUnmodifiableSet());
            return new PackedBundle(folder, jar.getManifest().getMainAttributes(), packages);
        } catch (IOException e) {
            throw new IllegalStateException(folder + " is not packed; build the bundles first", e);
        }
    }

    Set<String> headers() {
        return manifest.keySet().stream().map(Object::toString).collect(toUnmodifiableSet());
    }

    /** The names a header lists, without their attributes and directives. */
    Set<String> names(String header) {
        try {
            ManifestElement[] elements =
                    ManifestElement.parseHeader(header, manifest.getValue(header));
            return elements == null
                    ? Set.of()
                    : Arrays.stream(elements)
                            .flatMap(element -> Stream.of(element.getValueComponents()))
                            .collect(toUnmodifiableSet());
        } catch (BundleException e) {
            throw new IllegalStateException(folder + ": " + header, e);
        }
    }
}
