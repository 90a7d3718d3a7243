package dev.capstan.room.provider.piece;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry.NameSource;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/** The entries of a zip file, as its central directory has them. */
final class ZipEntries implements ArchiveEntries {
    private static final Set<Integer> METHODS =
            Set.of(ZipEntry.STORED, ZipEntry.DEFLATED, ZipMethod.ENHANCED_DEFLATED.getCode());

    // The bits of a Unix mode that tell what kind of thing it is.
    private static final int KIND = 0xF000;
    private static final int FOLDER = 0x4000;
    private static final int FILE = 0x8000;

    private final ZipFile zip;

    /** Opens one, and reads its directory. */
    ZipEntries(Path file) throws IOException {
        var channel = new DirectoryChannel(Files.newByteChannel(file));
        try {
            zip =
                    ZipFile.builder()
                            .setSeekableByteChannel(channel)
                            .setIgnoreLocalFileHeader(true)
                            .get();
            channel.isOpened = true;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw BadArchiveException.damaged(e);
        }
    }

    @Override
    public void visit(Visitor visitor) throws IOException {
        for (var entry : Collections.list(zip.getEntries())) {
            EntryBytes.checkInterrupt();
            var name = name(entry);
            var isFolder = name.endsWith("/");
            check(entry, name, isFolder);
            if (isFolder) {
                visitor.entry(name, true, 0, InputStream.nullInputStream());
                continue;
            }
            try (var bytes = new Inflated(entry)) {
                visitor.entry(name, false, entry.getSize(), bytes);
            }
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static void check(ZipArchiveEntry entry, String name, boolean isFolder)
            throws BadArchiveException {
        var flags = entry.getGeneralPurposeBit();
        if (flags.usesEncryption() || flags.usesStrongEncryption()) {
            throw Survey.refused(name, "is encrypted");
        }
        // Looked at whatever system the entry says it is of: others may believe it too.
        var kind = (int) (entry.getExternalAttributes() >> 16) & KIND;
        if (kind != 0 && kind != (isFolder ? FOLDER : FILE)) {
            throw Survey.refused(name, "is neither a plain file nor a folder");
        }
        if (isFolder ? entry.getSize() > 0 : entry.getSize() < 0) {
            throw Survey.refused(name, "has no size that makes sense");
        }
        if (!METHODS.contains(entry.getMethod())) {
            throw Survey.refused(name, "is packed in a way that is not known here");
        }
    }

    /** Names without a mark are UTF-8 by custom, and else what the format began with. */
    private static String name(ZipArchiveEntry entry) throws BadArchiveException {
        if (entry.getNameSource() != NameSource.NAME) {
            return entry.getName();
        }
        var raw = ByteBuffer.wrap(entry.getRawName());
        try {
            return UTF_8.newDecoder().decode(raw).toString();
        } catch (CharacterCodingException e) {
            if (entry.getGeneralPurposeBit().usesUTF8ForNames() || !Charset.isSupported("IBM437")) {
                throw Survey.refused(entry.getName(), "has a name that cannot be read");
            }
            return Charset.forName("IBM437").decode(raw.rewind()).toString();
        }
    }

    /** An entry's bytes, opened when the first is read. */
    private final class Inflated extends InputStream {
        private final ZipArchiveEntry entry;
        private InputStream bytes = InputStream.nullInputStream();
        private boolean isOpen;

        Inflated(ZipArchiveEntry entry) {
            this.entry = entry;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (!isOpen) {
                try {
                    bytes =
                            new EntryBytes(
                                    zip.getInputStream(entry), entry.getSize(), entry.getCrc());
                } catch (IOException | RuntimeException e) {
                    throw BadArchiveException.damaged(e);
                }
                isOpen = true;
            }
            return bytes.read(target, offset, length);
        }

        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }

    /**
     * Ends the reading of a directory that has far more entries than may be: the library keeps them
     * all in memory, whatever their number says.
     */
    private static final class DirectoryChannel implements SeekableByteChannel {
        private static final long MOST_BYTES = 32 << 20;

        /** Up to six for each entry, and the search for the end of the directory before. */
        private static final long MOST_READS = 6L * Survey.MOST_ENTRIES + (1 << 17);

        private final SeekableByteChannel from;
        private boolean isOpened;
        private long bytes;
        private long reads;

        DirectoryChannel(SeekableByteChannel from) {
            this.from = from;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            var count = from.read(target);
            if (!isOpened) {
                bytes += Math.max(0, count);
                if (++reads > MOST_READS || bytes > MOST_BYTES) {
                    throw new BadArchiveException(Survey.ENTRIES);
                }
            }
            return count;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() throws IOException {
            return from.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            from.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return from.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return from.isOpen();
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
