package dev.capstan.room.provider.piece;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.zip.CRC32;

/** The bytes of one entry: as many as it says, and with the check value it says. */
final class EntryBytes extends InputStream {
    private final InputStream from;
    private final long size;
    private final long crc;
    private final CRC32 check = new CRC32();
    private long count;

    /**
     * Wraps.
     *
     * @param size how many there are to be
     * @param crc their CRC-32, or −1 where the archive has none
     */
    EntryBytes(InputStream from, long size, long crc) {
        this.from = from;
        this.size = size;
        this.crc = crc;
    }

    static void checkInterrupt() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException();
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        checkInterrupt();
        int read;
        try {
            read = from.read(target, offset, length);
        } catch (IOException | RuntimeException e) {
            throw BadArchiveException.damaged(e);
        }
        if (read > 0) {
            count += read;
            check.update(target, offset, read);
        }
        if (count > size || (read < 0 && count < size)) {
            throw new BadArchiveException("An entry has not the size that the archive says.");
        }
        if (read < 0 && crc >= 0 && check.getValue() != crc) {
            throw new BadArchiveException("It is damaged (a check value is wrong).");
        }
        return read;
    }
}
