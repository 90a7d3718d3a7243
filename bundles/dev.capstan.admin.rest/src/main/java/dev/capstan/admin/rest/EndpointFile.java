package dev.capstan.admin.rest;

import dev.capstan.name.DataFolder;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.osgi.framework.BundleContext;

/**
 * {@code DIR/run/endpoint.json}, by which programs find the port of a running host. It is there
 * while the server is.
 */
final class EndpointFile {
    private final Path file;
    private final String version;

    EndpointFile(BundleContext context) {
        file = DataFolder.of(context).run().resolve("endpoint.json");
        var told = context.getProperty("capstan.version");
        version = told != null ? told : context.getBundle().getVersion().toString();
    }

    void write(int port) throws IOException {
        var text =
                Json.createObjectBuilder()
                        .add("pid", ProcessHandle.current().pid())
                        .add("port", port)
                        .add("version", version)
                        .build()
                        .toString();
        var owner = PosixFilePermissions.fromString("rw-------");
        var draft =
                Files.createTempFile(
                        Files.createDirectories(file.getParent()),
                        ".endpoint",
                        "",
                        PosixFilePermissions.asFileAttribute(owner));
        Files.writeString(draft, text + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
