package dev.capstan.room.provider.piece;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.capstan.name.DurableFile;
import dev.capstan.room.provider.document.MatchLock.Archive;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * R6, S4: unpacks zip, tar and tar in gzip. What an archive is is told by its first bytes, never by
 * a name. It is looked through as a whole before its first byte is written. Archives inside are
 * files like others: nothing is unpacked twice. Rights, owners and times are not taken over.
 *
 * <p>Whoever calls owns the folder and removes it if this fails. It ends soon after an interrupt.
 */
final class Unpacker {
    private static final int BLOCK = 1 << 16;
    private static final int TAR_HEADER = 512;

    private final long spare;

    /**
     * Creates one.
     *
     * @param spare bytes of the volume that must stay free
     */
    Unpacker(long spare) {
        this.spare = spare;
    }

    /**
     * What a file is.
     *
     * @param said what it is said to be
     * @return never {@link Archive#AUTO}
     * @throws BadArchiveException if it is not what it is said to be
     */
    static Archive kind(Path file, Archive said) throws IOException {
        if (said == Archive.NONE) {
            return said;
        }
        var found = sniff(file);
        if (said != Archive.AUTO && said != found) {
            throw new BadArchiveException(
                    "It is no "
                            + switch (said) {
                                case ZIP -> "zip file.";
                                case TAR -> "tar file.";
                                default -> "tar file in gzip.";
                            });
        }
        return found;
    }

    /**
     * Unpacks.
     *
     * @param kind ZIP, TAR or TAR_GZ
     * @param folder an empty folder
     */
    void unpack(Path file, Archive kind, Path folder) throws IOException {
        var survey = new Survey(Files.size(file));
        try (var entries = open(file, kind)) {
            entries.visit(survey);
        }
        var free = Files.getFileStore(folder).getUsableSpace();
        if (survey.bytes() > free - spare) {
            throw new IOException(
                    "there is no room: it becomes "
                            + survey.bytes()
                            + " bytes, and "
                            + Math.max(0, free - spare)
                            + " are free");
        }
        var folders = new HashSet<Path>();
        folders.add(folder);
        try (var entries = open(file, kind)) {
            entries.visit(
                    (name, isFolder, size, bytes) -> {
                        var path = Survey.path(folder, name, isFolder);
                        if (path != null) {
                            makeFolders(isFolder ? path : parent(path), folders);
                            if (!isFolder) {
                                write(path, bytes);
                            }
                        }
                    });
        }
        for (var made : folders) {
            DurableFile.sync(made);
        }
    }

    private static ArchiveEntries open(Path file, Archive kind) throws IOException {
        return kind == Archive.ZIP
                ? new ZipEntries(file)
                : new TarEntries(file, kind == Archive.TAR_GZ, Survey.mostOf(Files.size(file)));
    }

    private static void makeFolders(Path folder, HashSet<Path> known) throws IOException {
        if (known.add(folder)) {
            makeFolders(parent(folder), known);
            Files.createDirectory(folder);
        }
    }

    /** Only what lies in the folder that is filled is asked for. */
    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private static void write(Path path, InputStream bytes) throws IOException {
        try (var out =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        NOFOLLOW_LINKS)) {
            var block = new byte[BLOCK];
            for (var count = bytes.read(block); count >= 0; count = bytes.read(block)) {
                var buffer = ByteBuffer.wrap(block, 0, count);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
            out.force(true);
        }
    }

    private static Archive sniff(Path file) throws IOException {
        byte[] head;
        try (var bytes = Files.newInputStream(file)) {
            head = bytes.readNBytes(TAR_HEADER);
        }
        if (begins(head, 'P', 'K', 3, 4) || begins(head, 'P', 'K', 5, 6)) {
            return Archive.ZIP;
        }
        if (isTar(head)) {
            return Archive.TAR;
        }
        return begins(head, 0x1F, 0x8B) && isTar(inflated(file)) ? Archive.TAR_GZ : Archive.NONE;
    }

    private static byte[] inflated(Path file) throws IOException {
        try (var bytes = Files.newInputStream(file);
                var plain = new GZIPInputStream(bytes)) {
            return plain.readNBytes(TAR_HEADER);
        } catch (ZipException | EOFException e) {
            return new byte[0];
        }
    }

    private static boolean isTar(byte[] head) {
        if (head.length < TAR_HEADER || head[0] == 0) {
            return false;
        }
        if (TarArchiveInputStream.matches(head, head.length)) {
            return true;
        }
        try {
            // The oldest kind has no magic, but a sum of its header.
            return TarUtils.verifyCheckSum(head);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean begins(byte[] head, int... magic) {
        return head.length >= magic.length
                && Arrays.equals(
                        IntStream.range(0, magic.length).map(i -> head[i] & 0xFF).toArray(), magic);
    }
}
