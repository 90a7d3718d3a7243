package dev.capstan.room.provider.piece;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** The entries of a tar file, plain or in gzip. */
final class TarEntries implements ArchiveEntries {
    private static final int BLOCK = 1 << 16;
    private static final int RECORD = 512;

    /** Extended headers are kept in memory by the library; nobody has a megabyte of them. */
    private static final int MOST_HEADER = 1 << 20;

    private final byte[] block = new byte[BLOCK];
    private final TarStream stream;
    private final TarArchiveInputStream tar;

    /**
     * Opens one.
     *
     * @param mostBytes after which the whole stream, headers included, is more than may come of it
     */
    TarEntries(Path file, boolean isZipped, long mostBytes) throws IOException {
        var bytes =
                new BufferedInputStream(
                        Channels.newInputStream(FileChannel.open(file, StandardOpenOption.READ)),
                        BLOCK);
        InputStream plain;
        try {
            plain = isZipped ? new GZIPInputStream(bytes, BLOCK) : bytes;
        } catch (IOException e) {
            bytes.close();
            throw BadArchiveException.damaged(e);
        }
        stream = new TarStream(plain, mostBytes);
        tar = new TarArchiveInputStream(stream, "UTF-8");
    }

    @Override
    public void visit(Visitor visitor) throws IOException {
        var count = 0;
        for (var entry = next(); entry != null; entry = next()) {
            count++;
            check(entry);
            visitor.entry(
                    entry.getName(),
                    entry.isDirectory(),
                    entry.isDirectory() ? 0 : entry.getSize(),
                    new EntryBytes(tar, entry.getSize(), -1));
            drain(tar);
        }
        // The check value of gzip follows the last byte.
        drain(stream);
        if (!stream.isWhole()) {
            throw new BadArchiveException("It is cut off.");
        }
        if (count == 0) {
            throw new BadArchiveException("There is nothing in it.");
        }
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    private @Nullable TarArchiveEntry next() throws IOException {
        stream.headerBytes = MOST_HEADER;
        try {
            return tar.getNextEntry();
        } catch (IOException | RuntimeException e) {
            throw BadArchiveException.damaged(e);
        } finally {
            stream.headerBytes = Long.MAX_VALUE;
        }
    }

    private static void check(TarArchiveEntry entry) throws BadArchiveException {
        if (!entry.isCheckSumOK()) {
            throw new BadArchiveException("It is damaged (the sum of a header is wrong).");
        }
        var isPlain =
                switch (entry.getLinkFlag()) {
                    case TarConstants.LF_NORMAL,
                            TarConstants.LF_OLDNORM,
                            TarConstants.LF_CONTIG,
                            TarConstants.LF_DIR ->
                            !entry.isSparse();
                    default -> false;
                };
        if (!isPlain) {
            throw Survey.refused(entry.getName(), "is neither a plain file nor a folder");
        }
    }

    private void drain(InputStream from) throws IOException {
        try {
            while (from.read(block) >= 0) {
                // Read for what is behind it.
                EntryBytes.checkInterrupt();
            }
        } catch (IOException | RuntimeException e) {
            throw BadArchiveException.damaged(e);
        }
    }

    /** Stops what goes on for too long, and sees whether it ends as it should. */
    private static final class TarStream extends InputStream {
        private final InputStream from;
        private long left;
        private long headerBytes = Long.MAX_VALUE;
        private long total;
        private long zeros;

        TarStream(InputStream from, long most) {
            this.from = from;
            left = most;
        }

        /** Whether it is made of whole blocks, the last of which says that it ends. */
        boolean isWhole() {
            return total % RECORD == 0 && zeros >= RECORD;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            var count = from.read(target, offset, length);
            if (count > 0) {
                left -= count;
                headerBytes -= count;
                total += count;
                countZeros(target, offset, count);
            }
            if (left < 0) {
                throw new BadArchiveException(Survey.RATIO);
            }
            if (headerBytes < 0) {
                throw new BadArchiveException("The header of an entry is too large.");
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            from.close();
        }

        private void countZeros(byte[] bytes, int offset, int count) {
            var last = offset + count;
            while (last > offset && bytes[last - 1] == 0) {
                last--;
            }
            var atEnd = offset + count - last;
            zeros = atEnd == count ? zeros + count : atEnd;
        }
    }
}
