package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Reads a finished item, and keeps it from eviction until it is closed. */
final class StoredReader implements ContentReader {
    private final DiskFile file;
    private final long size;
    private final @Nullable Content content;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Creates a reader.
     *
     * @param content what is known of the item, or null for a file that is none
     */
    StoredReader(DiskFile file, long size, @Nullable Content content, Runnable whenClosed) {
        this.file = file;
        this.size = size;
        this.content = content;
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
    public Optional<Digest> digest() {
        return Optional.ofNullable(content).map(Content::digest);
    }

    @Override
    public Validator validator() {
        return content == null ? Validator.NONE : content.validator();
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
