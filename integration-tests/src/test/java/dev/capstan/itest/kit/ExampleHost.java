package dev.capstan.itest.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/** The example of a host as its own build packed it. */
public final class ExampleHost {
    static final Path JAR = Path.of("../examples/host-acme/target/acme-host-1.0.0-SNAPSHOT.jar");

    private ExampleHost() {}

    /** Whole in one step, as by a move: a half-copied jar is another test's business. */
    static void dropInto(Path data, byte[] jar) throws IOException {
        var folder = Files.createDirectories(data.resolve("bundles"));
        var half = Files.write(data.resolve("acme-host.half"), jar);
        Files.move(half, folder.resolve("acme-host.jar"));
    }

    public static byte[] jar() throws IOException {
        return Files.readAllBytes(JAR);
    }

    /** The same host, built against a contract that is not there yet. */
    public static byte[] needing(String contract, String range) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var jar = new JarFile(JAR.toFile())) {
            var manifest = jar.getManifest();
            var imports = manifest.getMainAttributes().getValue("Import-Package");
            manifest.getMainAttributes()
                    .putValue(
                            "Import-Package",
                            imports.replaceFirst(
                                    contract.replace(".", "\\.") + ";version=\"[^\"]*\"",
                                    contract + ";version=\"" + range + "\""));
            try (var out = new JarOutputStream(bytes, manifest)) {
                for (var entry : jar.stream().toList()) {
                    if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new java.util.zip.ZipEntry(entry.getName()));
                        jar.getInputStream(entry).transferTo(out);
                    }
                }
            }
        }
        return bytes.toByteArray();
    }
}
