package dev.capstan.launcher;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.zip.ZipEntry;

/**
 * The folder that has a distribution's bundles as files, with the features in {@code features/}:
 * bundles are then opened where they lie and never copied.
 */
final class Library {

    private static final String BUNDLES = "bundles/";
    private static final String FEATURES = "features/";

    private Library() {}

    /**
     * The folder the build left beside the jar, else one in the data folder, which is filled here.
     * The caller owns the data folder.
     */
    static Path of(Distribution distribution, DataFolder data) throws IOException {
        var name = "lib-" + distribution.id();
        var beside = distribution.jar().resolveSibling(name);
        if (Files.isDirectory(beside)) {
            return beside;
        }
        var own = data.resolve("osgi").resolve(name);
        if (!Files.isDirectory(own)) {
            deleteOthers(data.resolve("osgi"));
        }
        Files.createDirectories(own.resolve(FEATURES));
        var zip = distribution.zip();
        for (var entries = zip.entries(); entries.hasMoreElements(); ) {
            var entry = entries.nextElement();
            if (entry.getName().startsWith(BUNDLES)) {
                unpack(
                        distribution,
                        entry,
                        own.resolve(entry.getName().substring(BUNDLES.length())));
            } else if (entry.getName().startsWith(FEATURES)) {
                unpack(distribution, entry, own.resolve(entry.getName()));
            }
        }
        return own;
    }

    /** A file that is there is whole, since it appears by renaming. */
    private static void unpack(Distribution distribution, ZipEntry entry, Path target)
            throws IOException {
        if (entry.isDirectory() || Files.exists(target)) {
            return;
        }
        var unfinished = target.resolveSibling(target.getFileName() + ".part");
        try (var in = distribution.zip().getInputStream(entry)) {
            Files.copy(in, unfinished, REPLACE_EXISTING);
        }
        Files.move(unfinished, target, ATOMIC_MOVE);
    }

    /** Removes what other versions unpacked into the same data folder. */
    private static void deleteOthers(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var others = Files.newDirectoryStream(folder, "lib-*")) {
            for (var other : others) {
                delete(other);
            }
        }
    }

    /** Deletes a folder and everything in it. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
