package dev.capstan.secret.file;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A folder of mode 0700 with texts in files of mode 0600. Wider rights are refused, and so is
 * whatever is not a plain folder or file: symbolic links are not followed.
 *
 * <p>A file holds the text in UTF-8 and one line feed, so that what an editor or {@code echo} wrote
 * is read as it was meant. It is written beside its place as {@code NAME~RANDOM}, which no name can
 * be, synced, and renamed; so readers see the old text or the new one.
 */
final class PrivateFolder {
    private static final System.Logger LOG = System.getLogger(PrivateFolder.class.getName());
    private static final int MAX_BYTES = 64 * 1024;
    private static final String UNFINISHED = "*~????????-????-????-????-????????????";
    private static final Set<PosixFilePermission> FOLDER_RIGHTS =
            Set.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);
    private static final Set<PosixFilePermission> FILE_RIGHTS = Set.of(OWNER_READ, OWNER_WRITE);

    private final Path directory;

    PrivateFolder(Path directory) {
        this.directory = directory;
    }

    /** What a process that was killed while writing left behind. */
    void removeLeftovers() {
        try {
            check(directory, FOLDER_RIGHTS);
            try (var unfinished = Files.newDirectoryStream(directory, UNFINISHED)) {
                for (var file : unfinished) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "Nothing tidied up in " + directory, e);
        }
    }

    Optional<String> read(String name) throws IOException {
        var file = directory.resolve(name);
        try {
            check(directory, FOLDER_RIGHTS);
            check(file, FILE_RIGHTS);
            return Optional.of(decoded(bytes(file), file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw new IOException("This user may not read " + file, e);
        }
    }

    void write(String name, String text) throws IOException {
        var content = encoded(text);
        create();
        check(directory, FOLDER_RIGHTS);
        var unfinished = directory.resolve(name + "~" + UUID.randomUUID());
        try {
            try (var channel =
                    FileChannel.open(
                            unfinished,
                            Set.of(CREATE_NEW, WRITE),
                            PosixFilePermissions.asFileAttribute(FILE_RIGHTS))) {
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(unfinished, directory.resolve(name), ATOMIC_MOVE);
            sync(directory);
        } catch (AccessDeniedException e) {
            throw new IOException("This user may not write to " + directory, e);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    void delete(String name) throws IOException {
        if (Files.deleteIfExists(directory.resolve(name))) {
            sync(directory);
        }
    }

    private void create() throws IOException {
        if (Files.exists(directory, NOFOLLOW_LINKS)) {
            return;
        }
        var parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(FOLDER_RIGHTS));
        } catch (FileAlreadyExistsException e) {
            return; // by another thread, a moment ago
        }
        if (parent != null) {
            sync(parent);
        }
    }

    private static void check(Path path, Set<PosixFilePermission> rights) throws IOException {
        var folder = rights.contains(OWNER_EXECUTE);
        var attributes = Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
        if (folder ? !attributes.isDirectory() : !attributes.isRegularFile()) {
            throw new IOException(
                    path
                            + " must be a "
                            + (folder ? "folder" : "file")
                            + (attributes.isSymbolicLink()
                                    ? ", and symbolic links are not followed to secrets"
                                    : ""));
        }
        if (!rights.containsAll(attributes.permissions())) {
            throw new IOException(
                    "The rights of %s are too wide for secrets (%s): chmod %s %s"
                            .formatted(
                                    path,
                                    PosixFilePermissions.toString(attributes.permissions()),
                                    folder ? "700" : "600",
                                    path));
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (var in = Files.newInputStream(file, READ, NOFOLLOW_LINKS)) {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(file + " is too large for a secret");
            }
            return bytes;
        }
    }

    private static String decoded(byte[] bytes, Path file) throws IOException {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            var text = decoder.decode(ByteBuffer.wrap(bytes)).toString();
            return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not text in UTF-8", e);
        }
    }

    private static ByteBuffer encoded(String text) throws IOException {
        try {
            var encoder = StandardCharsets.UTF_8.newEncoder();
            var content = encoder.encode(CharBuffer.wrap(text + "\n"));
            if (content.remaining() > MAX_BYTES) {
                throw new IOException("The text is too large for a secret");
            }
            return content;
        } catch (CharacterCodingException e) {
            throw new IOException("The secret cannot be written as UTF-8", e);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }
}
