package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder a host lives in, and the lock that makes one process its owner.
 *
 * <p>The lock is the operating system's, on {@code run/lock}: it ends with the process however that
 * ends, so nothing a killed process leaves behind is in the way. The file holds the owner's process
 * id for people and messages; its presence means nothing, and it is never deleted, since a lock on
 * a deleted file would bar nobody.
 */
final class DataFolder implements AutoCloseable {

    private final Path root;
    private final FileChannel lock;

    private DataFolder(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /** Opens the folder and makes it, readable by its owner alone, where it is not there. */
    static DataFolder open(Path folder) throws LaunchException {
        var root = folder.toAbsolutePath().normalize();
        try {
            createPrivate(root);
            createPrivate(root.resolve("run"));
            var lock = FileChannel.open(root.resolve("run/lock"), CREATE, READ, WRITE);
            return new DataFolder(root, lock);
        } catch (IOException e) {
            throw LaunchException.noFolder(
                    "The data folder %s cannot be used: %s. Name another with --data."
                            .formatted(root, Plain.words(e)));
        }
    }

    /** Tries to become the owner; says whether this process is it now. */
    boolean own() throws LaunchException {
        try {
            if (lock.tryLock() == null) {
                return false;
            }
            lock.truncate(0);
            lock.write(US_ASCII.encode(pid() + "\n"), 0);
            return true;
        } catch (OverlappingFileLockException e) {
            return false; // another part of this process owns it
        } catch (IOException e) {
            throw LaunchException.failed(
                    "The data folder %s cannot be locked: %s. Its file system must support locks."
                            .formatted(root, Plain.words(e)));
        }
    }

    /** The owner, for a message: "process 4711". */
    String owner() {
        try {
            var text = ByteBuffer.allocate(32);
            lock.read(text, 0);
            var pid = US_ASCII.decode(text.flip()).toString().strip();
            return pid.isEmpty() ? "another process" : "process " + pid;
        } catch (IOException e) {
            return "another process";
        }
    }

    Path root() {
        return root;
    }

    /** Whether something was installed or lies in the drop-in folder. */
    boolean hasPlugins() {
        return has("bundles", "*.jar") || has("features", "*.installed");
    }

    private boolean has(String folder, String glob) {
        try (var files = Files.newDirectoryStream(resolve(folder), glob)) {
            return files.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            return false; // most data folders have no such folder
        }
    }

    Path resolve(String path) {
        return root.resolve(path);
    }

    /** Where the running host listens. */
    Path socket() {
        return root.resolve("run/ctl.sock");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** Asked of the system, since the JDK's way to it makes a pool of threads first. */
    private static String pid() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self")).toString();
        } catch (IOException e) {
            return Long.toString(ProcessHandle.current().pid());
        }
    }

    private static void createPrivate(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        var mode = PosixFilePermissions.fromString("rwx------");
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(mode));
    }
}
