package dev.capstan.download.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Copies of the database (Q5): the newest and the one before. A copy is made by reading every row,
 * so a damaged database does not become one, and it takes its place only once it is on disk.
 */
final class Backups {
    private final Path folder;
    private final Path newest;
    private final Path older;

    Backups(Path folder) {
        this.folder = folder;
        newest = folder.resolve("newest.db");
        older = folder.resolve("older.db");
    }

    /** When the newest was made. */
    Optional<Instant> last() {
        return existing().stream().findFirst().map(Backups::made);
    }

    /** Those that are there, newest first. */
    List<Path> existing() {
        return Stream.of(newest, older).filter(Files::exists).toList();
    }

    /** Makes one from what the session sees now. */
    void make(Session session) throws SQLException, IOException {
        Files.createDirectories(folder);
        var part = folder.resolve("part.db");
        Files.deleteIfExists(part);
        try {
            session.update("VACUUM INTO ?", part.toString());
            force(part);
            if (Files.exists(newest)) {
                Files.move(newest, older, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(part, newest, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Copies one to where a database is to be. */
    static void restore(Path backup, Path to) throws IOException {
        Files.copy(backup, to, StandardCopyOption.REPLACE_EXISTING);
        force(to);
    }

    static Instant made(Path backup) {
        try {
            return Files.getLastModifiedTime(backup).toInstant();
        } catch (IOException gone) {
            return Instant.EPOCH;
        }
    }

    private static void force(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
