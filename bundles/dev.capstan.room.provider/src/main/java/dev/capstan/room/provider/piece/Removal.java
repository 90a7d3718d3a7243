package dev.capstan.room.provider.piece;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes a file, a link or a folder with all that is in it. No symbolic link is followed. */
final class Removal extends SimpleFileVisitor<Path> {

    private Removal() {}

    /** Removes it, if it is there. */
    static void of(Path path) throws IOException {
        try {
            Files.walkFileTree(path, new Removal());
        } catch (NoSuchFileException e) {
            // It is as it shall be.
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error)
            throws IOException {
        if (error != null) {
            throw error;
        }
        Files.delete(folder);
        return FileVisitResult.CONTINUE;
    }
}
