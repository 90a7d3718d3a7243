package dev.capstan.decrypt.standard;

import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/**
 * A cipher whose key stream can be had from any block on. Nothing is kept between calls: each makes
 * its own state of some hundred bytes (C2, C3).
 */
abstract class StreamCipher implements Decryptor.Transform {
    /** The runtime copies what it changes in place, and so takes memory for a piece at a time. */
    private static final int PIECE = 16 * 1024;

    private final int unit;
    private final long mostBlocks;

    StreamCipher(int unit, long mostBlocks) {
        this.unit = unit;
        this.mostBlocks = mostBlocks;
    }

    /** The cipher, about to give the key stream of a block. */
    abstract Cipher at(long block) throws GeneralSecurityException;

    @Override
    public int alignment() {
        return unit;
    }

    @Override
    public void decrypt(long position, ByteBuffer bytes) throws DownloadException {
        if (position < 0 || position % unit != 0) {
            throw new IllegalArgumentException(
                    "Position " + position + " is not a multiple of " + unit);
        }
        if (!bytes.hasRemaining()) {
            return;
        }
        var first = position / unit;
        var blocks = (bytes.remaining() + unit - 1) / unit;
        if (first > mostBlocks - blocks) {
            throw new DownloadException(
                    ErrorClass.DECRYPT, "The file is longer than its cipher can number blocks.");
        }
        try {
            var cipher = at(first);
            var from = bytes.duplicate();
            var to = bytes.duplicate();
            while (from.position() < bytes.limit()) {
                from.limit(Math.min(bytes.limit(), from.position() + PIECE));
                cipher.update(from, to);
            }
        } catch (GeneralSecurityException e) {
            throw new DownloadException(
                    ErrorClass.DECRYPT, "The cipher is not to be had in this Java runtime.", e);
        }
    }
}
