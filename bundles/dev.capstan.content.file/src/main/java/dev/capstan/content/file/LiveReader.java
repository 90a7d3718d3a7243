package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Range;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reads what still arrives: asks for bytes that are missing, waits for them, deciphers them. Once
 * they are content it goes over to the finished item, under the reader's hands.
 *
 * <p>If the source changes meanwhile it fails with CHANGED: its caller has bytes of the older
 * version.
 */
final class LiveReader implements ContentReader {
    private static final int BLOCK = 1 << 16;
    private static final long FOREVER = Long.MAX_VALUE / 4;

    private final Staging staging;
    private final Part part;
    private final Vault vault;
    private final Decryptor.@Nullable Transform transform;
    private final long unit;
    private final Audience.Seat seat;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable StoredReader finished;

    /**
     * Creates a reader.
     *
     * @param staging acquired for it; released by its closing
     * @param transform undoes the cipher, or null
     */
    LiveReader(Staging staging, Vault vault, Decryptor.@Nullable Transform transform) {
        this.staging = staging;
        this.vault = vault;
        this.transform = transform;
        unit = transform == null ? 1 : transform.alignment();
        part = staging.part();
        seat = staging.audience().enter();
    }

    @Override
    public int read(long position, ByteBuffer target)
            throws DownloadException, InterruptedException {
        while (true) {
            var stored = finished();
            if (stored.isPresent()) {
                return stored.get().read(position, target);
            }
            var length = part.identity().length();
            if (length >= 0 && position >= length) {
                return -1;
            }
            if (!target.hasRemaining()) {
                return 0;
            }
            var wanted = target.remaining();
            var read = readPresent(position, target);
            if (read > 0) {
                seat.reached(position + read);
                return read;
            }
            awaitUnit(position, wanted);
        }
    }

    @Override
    public OptionalLong length() {
        var length = part.identity().length();
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    @Override
    public boolean isVerified() {
        return staging.published() != null && staging.part() == part;
    }

    @Override
    public Optional<Digest> digest() {
        var content = staging.part() == part ? staging.published() : null;
        return Optional.ofNullable(content).map(Content::digest);
    }

    @Override
    public Validator validator() {
        return part.identity().validator();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        StoredReader stored;
        synchronized (this) {
            stored = finished;
        }
        if (stored != null) {
            stored.close();
        }
        staging.waiters().wake(this);
        seat.leave();
        staging.releaseReader();
    }

    /** The finished item, as soon as there is one. */
    private Optional<StoredReader> finished() throws DownloadException, InterruptedException {
        if (closed.get()) {
            throw new InterruptedException("The reader is closed");
        }
        synchronized (this) {
            if (finished != null) {
                return Optional.of(finished);
            }
        }
        if (staging.part() != part) {
            throw changed();
        }
        var content = staging.published();
        if (content == null) {
            return Optional.empty();
        }
        try {
            var opened = vault.open(content.digest().hex());
            if (opened.isEmpty()) {
                throw Vault.notHere(content.digest().hex());
            }
            return Optional.of(adopt(opened.get()));
        } catch (IOException e) {
            throw Disk.error(e, content.path(), content.path() + " cannot be read");
        }
    }

    private StoredReader adopt(StoredReader opened) throws InterruptedException {
        StoredReader kept;
        synchronized (this) {
            kept = finished;
            if (kept == null && !closed.get()) {
                finished = opened;
                return opened;
            }
        }
        opened.close();
        if (kept == null) {
            throw new InterruptedException("The reader is closed");
        }
        return kept;
    }

    private int readPresent(long position, ByteBuffer target) throws DownloadException {
        try {
            return transform == null
                    ? part.read(position, target)
                    : readDeciphered(position, target, transform);
        } catch (IOException e) {
            if (staging.published() != null || staging.part() != part) {
                return 0;
            }
            // Closed under a store that stays: another part is about to take its place.
            throw part.isClosed() && staging.failure() == null ? changed() : part.failed(e);
        }
    }

    private static DownloadException changed() {
        return new DownloadException(
                ErrorClass.CHANGED,
                "The source changed while it was being read; open it once more.");
    }

    /** Whole units only: those that are there, and of the last one what the file has. */
    private int readDeciphered(long position, ByteBuffer target, Decryptor.Transform cipher)
            throws IOException, DownloadException {
        if (isReadableOnlyAfterCommit()) {
            return 0;
        }
        var from = position - position % unit;
        var end = part.endOfRunAt(from);
        var to = end == part.identity().length() ? end : end - end % unit;
        if (to <= position) {
            return 0;
        }
        var most = Math.max(unit, BLOCK - BLOCK % unit);
        var block = ByteBuffer.allocate((int) Math.min(to - from, most));
        part.read(from, block);
        cipher.decrypt(from, block.flip());
        block.position((int) (position - from));
        var count = Math.min(block.remaining(), target.remaining());
        target.put(block.limit(block.position() + count));
        return count;
    }

    /** Whether the cipher can only go from front to back. */
    private boolean isReadableOnlyAfterCommit() {
        return unit == Integer.MAX_VALUE;
    }

    /** P11: asks for the bytes that are to be read, and waits for the first that can be. */
    private void awaitUnit(long position, int wanted)
            throws DownloadException, InterruptedException {
        var from = position - position % unit;
        var demand = demand(from, position + Math.min(wanted, BLOCK));
        // The unit of a cipher that needs the whole is the whole, so nothing holds that back.
        seat.misses(demand.to());
        staging.demands().begin(demand);
        try {
            awaitLook(from);
        } finally {
            staging.demands().end(demand);
        }
    }

    private Range demand(long from, long to) {
        var whole = to % unit == 0 ? to : to - to % unit + unit;
        var length = part.identity().length();
        return new Range(from, Math.max(from + 1, length < 0 ? whole : Math.min(whole, length)));
    }

    private void awaitLook(long from) throws DownloadException, InterruptedException {
        Boolean ignored = staging.waiters().await(this, FOREVER, waiter -> look(from, waiter));
        Objects.requireNonNull(ignored);
    }

    private @Nullable Boolean look(long from, Waiters.Waiter waiter)
            throws DownloadException, InterruptedException {
        if (closed.get()) {
            throw new InterruptedException("The reader was closed");
        }
        if (staging.published() != null || staging.part() != part) {
            return true;
        }
        var length = part.identity().length();
        var to = length < 0 ? from + unit : Math.min(from + unit, length);
        var end = part.endOfRunAt(from);
        if (from >= to || (end >= to && !isReadableOnlyAfterCommit())) {
            return true;
        }
        var error = staging.failure();
        if (error != null) {
            throw Disk.again(error);
        }
        waiter.misses(end);
        return part.endOfRunAt(end) == end ? null : true;
    }
}
