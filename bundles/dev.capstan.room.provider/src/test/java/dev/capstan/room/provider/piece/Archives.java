package dev.capstan.room.provider.piece;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Makes archives, good ones and others. */
final class Archives {
    private Archives() {}

    /**
     * An entry.
     *
     * @param mode of Unix, 0 for none
     */
    record Entry(String name, byte[] bytes, int mode) {}

    static Entry file(String name, String text) {
        return new Entry(name, text.getBytes(UTF_8), 0);
    }

    static Entry folder(String name) {
        return new Entry(name + "/", new byte[0], 0);
    }

    static Entry special(String name, int mode) {
        return new Entry(name, "/etc/passwd".getBytes(UTF_8), mode);
    }

    static byte[] zip(Entry... entries) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            zip.setUseZip64(Zip64Mode.AsNeeded);
            for (var one : entries) {
                var entry = new ZipArchiveEntry(one.name());
                if (one.mode() != 0) {
                    entry.setUnixMode(one.mode());
                }
                zip.putArchiveEntry(entry);
                zip.write(one.bytes());
                zip.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Fills a tar file. */
    interface Filling {
        void fill(TarArchiveOutputStream tar) throws IOException;
    }

    static byte[] tar(Filling filling) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            filling.fill(tar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] tar(Entry... entries) {
        return tar(
                tar -> {
                    for (var one : entries) {
                        put(tar, new TarArchiveEntry(one.name(), true), one.bytes());
                    }
                });
    }

    /** A tar file with one link or device. */
    static byte[] tarOf(byte flag) {
        return tar(
                tar -> {
                    var entry = new TarArchiveEntry("thing", flag);
                    entry.setLinkName("../../outside");
                    put(tar, entry, new byte[0]);
                });
    }

    static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] bytes)
            throws IOException {
        entry.setSize(bytes.length);
        // Without fractions of a second, which would need a header of their own.
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    /** The headers of one empty file, the name of which lies in a block of its own. */
    static byte[] gnu(String name) {
        var all =
                tar(
                        tar -> {
                            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
                            put(tar, new TarArchiveEntry(name), new byte[0]);
                        });
        return Arrays.copyOf(all, 3 * 512);
    }

    static byte[] gzip(byte[] plain) {
        return gzip(out -> out.write(plain));
    }

    /** Spends no time on a good ratio. */
    private static final class Fast extends GZIPOutputStream {

        Fast(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** Writes what is to be zipped. */
    interface Writing {
        void write(OutputStream out) throws IOException;
    }

    static byte[] gzip(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new Fast(bytes)) {
            writing.write(gzip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Changes a field in all records that begin with a signature. */
    static byte[] patched(byte[] archive, int signature, int offset, int width, long value) {
        var bytes = archive.clone();
        for (var at = find(bytes, signature, 0); at >= 0; at = find(bytes, signature, at + 1)) {
            for (var i = 0; i < width; i++) {
                bytes[at + offset + i] = (byte) (value >> (8 * i));
            }
        }
        return bytes;
    }

    /** Where a signature is first. */
    static int find(byte[] archive, int signature) {
        return find(archive, signature, 0);
    }

    /** Something many times over, between a beginning and an end. */
    static byte[] repeated(byte[] begin, byte[] middle, int times, byte[] end) {
        var all = ByteBuffer.allocate(begin.length + times * middle.length + end.length);
        all.put(begin);
        for (var i = 0; i < times; i++) {
            all.put(middle);
        }
        return all.put(end).array();
    }

    private static int find(byte[] archive, int signature, int from) {
        var bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        for (var at = from; at + 4 <= archive.length; at++) {
            if (bytes.getInt(at) == signature) {
                return at;
            }
        }
        return -1;
    }

    static long crc(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
