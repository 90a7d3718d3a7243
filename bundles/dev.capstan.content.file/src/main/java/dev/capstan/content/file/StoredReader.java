package dev.capstan.content.file;

import dev.capstan.content.ContentReader;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads a finished item, and keeps it from eviction until it is closed. */
final class StoredReader implements ContentReader {
    private final DiskFile file;
    private final long size;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    StoredReader(DiskFile file, long size, Runnable whenClosed) {
        this.file = file;
        this.size = size;
        this.whenClosed = whenClosed;
    }

    @Override
    public int read(long position, ByteBuffer target) throws DownloadException {
        if (position >= size) {
            return -1;
        }
        try {
            var read = file.read(target, position);
            if (read == 0 && target.hasRemaining()) {
                throw new IOException("the file ends at " + file.size() + " of " + size);
            }
            return read;
        } catch (IOException e) {
            throw new DownloadException(
                    ErrorClass.IO, file.path() + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(size);
    }

    @Override
    public boolean isVerified() {
        return true;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                file.close();
            } catch (IOException e) {
                // Nothing was written to it.
            }
            whenClosed.run();
        }
    }
}
