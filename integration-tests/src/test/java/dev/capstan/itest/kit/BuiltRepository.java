package dev.capstan.itest.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * A local Maven repository as an author's is: all that this build has fetched, by links, and
 * Capstan as it was just packed, so that nothing has to be installed first. Closing it deletes it,
 * but for what the links lead to.
 *
 * @param folder where it is
 */
public record BuiltRepository(Path folder) implements AutoCloseable {
    private static final String VERSION = System.getProperty("capstan.version");
    private static final Path FETCHED = Path.of(System.getProperty("capstan.repository"));
    private static final Path SOURCES = Path.of("..").toAbsolutePath().normalize();

    /** Makes it in a folder that is not there yet. */
    public static BuiltRepository make(Path folder) throws IOException {
        linkAllBut(FETCHED, folder, "dev");
        linkAllBut(FETCHED.resolve("dev"), folder.resolve("dev"), "capstan");
        var group = folder.resolve("dev/capstan");
        install(group, "capstan", SOURCES, "pom.xml", ".pom");
        install(group, "bundles", SOURCES.resolve("bundles"), "pom.xml", ".pom");
        for (var parent : List.of("bundles", "archetypes")) {
            try (var modules = Files.list(SOURCES.resolve(parent))) {
                for (var module : modules.filter(Files::isDirectory).toList()) {
                    install(group, module);
                }
            }
        }
        return new BuiltRepository(folder);
    }

    private static void install(Path group, Path module) throws IOException {
        var end = "-" + VERSION + ".jar";
        var target = module.resolve("target");
        if (!Files.isDirectory(target)) {
            return;
        }
        try (var files = Files.list(target)) {
            for (var jar : files.map(Path::getFileName).map(Path::toString).toList()) {
                if (jar.endsWith(end)) {
                    var artifact = jar.substring(0, jar.length() - end.length());
                    install(group, artifact, module, "pom.xml", ".pom");
                    install(group, artifact, module, "target/" + jar, ".jar");
                }
            }
        }
    }

    private static void install(Path group, String artifact, Path module, String file, String end)
            throws IOException {
        var folder = Files.createDirectories(group.resolve(artifact).resolve(VERSION));
        Files.copy(module.resolve(file), folder.resolve(artifact + "-" + VERSION + end));
    }

    private static void linkAllBut(Path from, Path to, String own) throws IOException {
        Files.createDirectories(to);
        if (!Files.isDirectory(from)) {
            return;
        }
        try (var entries = Files.list(from)) {
            for (var entry : entries.toList()) {
                if (!entry.getFileName().toString().equals(own)) {
                    Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
