package dev.capstan.content.file;

import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.RangeSet;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The range journal beside a data file (P2). It has two levels.
 *
 * <p>The <b>slot table</b> is exact: after each block the lane that wrote it rewrites its slot in
 * place, with one small write into the page cache, which outlives the process but not the power. A
 * slot is sealed with the boot of the machine, the journal's nonce and the data file's inode, so
 * that one written under another boot, or for another file, is no slot.
 *
 * <p>The two <b>checkpoints</b> are written in turn, each after the data it claims was synced, and
 * synced themselves; so one of them is whole at any instant. After a power cut they alone are
 * believed.
 *
 * <table>
 * <caption>The file; numbers are big-endian</caption>
 * <tr><th>offset</th><th>bytes</th><th>what</th></tr>
 * <tr><td>0</td><td>8</td><td>{@code CAPRANGE}</td></tr>
 * <tr><td>8</td><td>4</td><td>version, 1</td></tr>
 * <tr><td>12</td><td>4</td><td>S, offset of the slot table, a multiple of 4096</td></tr>
 * <tr><td>16</td><td>8</td><td>nonce</td></tr>
 * <tr><td>24</td><td>4</td><td>n, bytes of the source key</td></tr>
 * <tr><td>28</td><td>n</td><td>source key, {@code HOST:ID} in UTF-8</td></tr>
 * <tr><td>28 + n</td><td>4</td><td>CRC-32C of everything before</td></tr>
 * <tr><td>S</td><td>16384</td><td>512 slots of 32 bytes: first byte (8), first byte after (8),
 *     seal (8), unused (8)</td></tr>
 * <tr><td>S + 16384</td><td>65536</td><td>checkpoint A: length of the body (4), CRC-32C of length
 *     and body (4), body as in {@link Checkpoint}</td></tr>
 * <tr><td>S + 81920</td><td>65536</td><td>checkpoint B</td></tr>
 * </table>
 *
 * <p>The slots and the first page of each checkpoint are written when the file is made, so that a
 * full disk does not stop the claims on bytes that still found room.
 *
 * <p><b>Threads</b>: each slot belongs to one thread at a time; checkpoints are written by one
 * thread at a time.
 */
final class Journal implements Closeable {
    static final int SLOTS = 512;

    private static final long MAGIC = 0x43415052414E4745L;
    private static final int VERSION = 2;
    private static final int PAGE = 4096;
    private static final int FIXED = 28;
    private static final int LONGEST_KEY = 1 << 20;
    private static final int SLOT_BYTES = 32;
    private static final int TABLE_BYTES = SLOTS * SLOT_BYTES;
    private static final int AREA_BYTES = 1 << 16;
    private static final int AREA_HEAD = 8;

    private final DiskFile file;
    private final SourceKey source;
    private final long table;
    private final long nonce;
    private final ByteBuffer slots = ByteBuffer.allocate(TABLE_BYTES);
    private long salt;

    private Journal(DiskFile file, SourceKey source, long table, long nonce) {
        this.file = file;
        this.source = source;
        this.table = table;
        this.nonce = nonce;
    }

    /** Makes a journal that claims nothing. */
    static Journal create(Path path, SourceKey source, Checkpoint first) throws IOException {
        Files.deleteIfExists(path);
        var key = source.toString().getBytes(StandardCharsets.UTF_8);
        var table = (FIXED + key.length + 4 + PAGE - 1) / PAGE * PAGE;
        var nonce = ThreadLocalRandom.current().nextLong();
        var start = ByteBuffer.allocate(table + TABLE_BYTES + PAGE);
        start.putLong(MAGIC).putInt(VERSION).putInt(table).putLong(nonce);
        start.putInt(key.length).put(key);
        start.putInt(crc(start.duplicate().flip()));
        start.clear();
        var file = DiskFile.write(path);
        var journal = new Journal(file, source, table, nonce);
        try {
            // B first: should this be cut short, the file has no checkpoint and is not believed.
            file.write(ByteBuffer.allocate(PAGE), journal.area(1));
            file.write(start, 0);
            journal.write(first);
            return journal;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Opens a journal; null if there is none or it is damaged. */
    static @Nullable Journal open(Path path) throws IOException {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                ? of(DiskFile.write(path))
                : null;
    }

    /**
     * Opens a journal that somebody else may write or remove meanwhile, only to be read; null if
     * there is none or it is damaged.
     */
    static @Nullable Journal look(Path path) throws IOException {
        try {
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    ? of(DiskFile.read(path))
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static @Nullable Journal of(DiskFile file) throws IOException {
        try {
            var journal = read(file);
            if (journal == null) {
                file.close();
            }
            return journal;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static @Nullable Journal read(DiskFile file) throws IOException {
        var head = ByteBuffer.allocate(FIXED);
        if (file.read(head, 0) < FIXED) {
            return null;
        }
        head.flip();
        if (head.getLong() != MAGIC || head.getInt() != VERSION) {
            return null;
        }
        var table = head.getInt();
        var nonce = head.getLong();
        var length = head.getInt();
        if (length < 3 || length > LONGEST_KEY || table < FIXED + length + 4) {
            return null;
        }
        var all = ByteBuffer.allocate(FIXED + length + 4);
        if (file.read(all, 0) < all.capacity()) {
            return null;
        }
        all.flip().limit(FIXED + length);
        if (crc(all) != all.limit(FIXED + length + 4).getInt(FIXED + length)) {
            return null;
        }
        var key = new String(all.array(), FIXED, length, StandardCharsets.UTF_8);
        return new Journal(file, SourceKey.parse(key), table, nonce);
    }

    SourceKey source() {
        return source;
    }

    /** Binds the slots to a boot and a data file; to be called before they are used. */
    void bind(String bootId, long inode) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(bootId.getBytes(StandardCharsets.UTF_8));
            digest.update(ByteBuffer.allocate(16).putLong(nonce).putLong(inode).flip());
            salt = ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One of the {@value #SLOTS} slots. */
    Slot slot(int number) {
        return new Slot(number);
    }

    /** Reads the slot table, for {@link Slot#claimed}. */
    void readSlots() throws IOException {
        file.read(slots.clear(), table);
    }

    /** Writes a checkpoint in place of the older of the two. Does not sync. */
    void write(Checkpoint checkpoint) throws IOException {
        var body = checkpoint.encode(AREA_BYTES - AREA_HEAD);
        if (body.length > AREA_BYTES - AREA_HEAD) {
            throw new IOException("The cipher's parameters are too long for the range journal");
        }
        var bytes = ByteBuffer.allocate(AREA_HEAD + body.length);
        bytes.putInt(body.length).putInt(0).put(body);
        bytes.putInt(4, areaCrc(bytes.array(), body.length)).flip();
        file.write(bytes, area(checkpoint.generation()));
    }

    /** The newest whole checkpoint, or null. */
    @Nullable Checkpoint newest() throws IOException {
        var a = readArea(0);
        var b = readArea(1);
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.generation() > b.generation() ? a : b;
    }

    void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private @Nullable Checkpoint readArea(long generation) throws IOException {
        var head = ByteBuffer.allocate(AREA_HEAD);
        var length = file.read(head, area(generation)) < AREA_HEAD ? 0 : head.getInt(0);
        if (length <= 0 || length > AREA_BYTES - AREA_HEAD) {
            return null;
        }
        var bytes = ByteBuffer.allocate(AREA_HEAD + length);
        if (file.read(bytes, area(generation)) < bytes.capacity()
                || bytes.getInt(4) != areaCrc(bytes.array(), length)) {
            return null;
        }
        var body = new byte[length];
        bytes.get(AREA_HEAD, body);
        return Checkpoint.decode(body);
    }

    private long area(long generation) {
        return table + TABLE_BYTES + (generation & 1) * AREA_BYTES;
    }

    private static int areaCrc(byte[] area, int length) {
        var crc = new CRC32C();
        crc.update(area, 0, 4);
        crc.update(area, AREA_HEAD, length);
        return (int) crc.getValue();
    }

    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Each step is a bijection, so that no change of one of the values goes unseen. */
    private long seal(long from, long to) {
        return mix(mix(salt ^ from) ^ to);
    }

    // The finisher of SplitMix64 (Steele, Lea, Flood 2014).
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A place in the slot table; used by one thread at a time. */
    final class Slot {
        final int number;
        private final ByteBuffer bytes;
        private final long at;

        private Slot(int number) {
            this.number = number;
            bytes = slots.slice(number * SLOT_BYTES, SLOT_BYTES);
            at = table + (long) number * SLOT_BYTES;
        }

        /** Claims bytes; they must have been written before. */
        void claim(long from, long to) throws IOException {
            bytes.clear();
            bytes.putLong(from).putLong(to).putLong(seal(from, to)).putLong(0).flip();
            file.write(bytes, at);
        }

        /** Claims nothing any more. */
        void clear() throws IOException {
            bytes.clear();
            bytes.putLong(0).putLong(0).putLong(0).putLong(0).flip();
            file.write(bytes, at);
        }

        /** What {@link #readSlots} found claimed: nothing if no seal of this boot is on it. */
        RangeSet claimed() {
            var from = bytes.getLong(0);
            var to = bytes.getLong(8);
            return from >= 0 && from < to && bytes.getLong(16) == seal(from, to)
                    ? RangeSet.of(from, to)
                    : RangeSet.EMPTY;
        }
    }
}
