package dev.capstan.feature.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.Constants;

/** Makes small bundles. */
final class TestBundle {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private TestBundle(String name, String version) {
        headers.put(Attributes.Name.MANIFEST_VERSION.toString(), "1.0");
        headers.put(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.put(Constants.BUNDLE_SYMBOLICNAME, name);
        headers.put(Constants.BUNDLE_VERSION, version);
    }

    static TestBundle of(String name, String version) {
        return new TestBundle(name, version);
    }

    TestBundle header(String name, String value) {
        headers.merge(name, value, (one, other) -> one + "," + other);
        return this;
    }

    TestBundle imports(String clause) {
        return header(Constants.IMPORT_PACKAGE, clause);
    }

    TestBundle exports(String clause) {
        entries.put(clause.split(";")[0].replace('.', '/') + "/", new byte[0]);
        return header(Constants.EXPORT_PACKAGE, clause);
    }

    TestBundle activator(Class<? extends BundleActivator> activator) {
        var file = activator.getName().replace('.', '/') + ".class";
        try (var in = activator.getClassLoader().getResourceAsStream(file)) {
            entries.put(file, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return header(Constants.BUNDLE_ACTIVATOR, activator.getName())
                .imports("org.osgi.framework");
    }

    byte[] bytes() throws IOException {
        var manifest = new Manifest();
        headers.forEach(manifest.getMainAttributes()::putValue);
        var bytes = new ByteArrayOutputStream();
        try (var jar = new JarOutputStream(bytes, manifest)) {
            for (var entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    Path in(Path folder) throws IOException {
        var name =
                headers.get(Constants.BUNDLE_SYMBOLICNAME)
                        + "-"
                        + headers.get(Constants.BUNDLE_VERSION);
        return at(folder.resolve(name + ".jar"));
    }

    Path at(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes());
    }
}
