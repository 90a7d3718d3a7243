package dev.capstan.tck.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps what a store has on the disk at a moment, which is what a process killed then leaves. */
final class Cut {
    private Cut() {}

    /** Copies a store's folder, in which nothing is written meanwhile. */
    static Path of(Path where, Path copy) throws IOException {
        try (var files = Files.walk(where)) {
            for (var file : files.toList()) {
                Files.copy(file, copy.resolve(where.relativize(file).toString()));
            }
        }
        return copy;
    }
}
