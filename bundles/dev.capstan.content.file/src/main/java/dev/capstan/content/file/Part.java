package dev.capstan.content.file;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One version of one source as far as its bytes are there: a sparse data file and what its journal
 * {@link Claims}.
 *
 * <p>There are the settled ranges, which change when a lane ends, and what each open lane has
 * written since it began. Both are seen through one volatile field, so that a lane needs no lock
 * for a block.
 *
 * <p><b>Locks</b>: {@code this} guards memory only. The permit {@code checkpointing} is held while
 * data is synced and checkpoints are written; no lane ever waits for it.
 */
final class Part implements Closeable {

    private record State(RangeSet settled, List<PartLane> lanes) {}

    /** What the parts of one source share. */
    record Surroundings(
            Waiters waiters, Executor hashers, Blocks blocks, Steps steps, String bootId) {}

    private final Path folder;
    private final int number;
    private final DiskFile data;
    private final Claims claims;
    private final Surroundings around;
    private final @Nullable Shade shade;
    private final Semaphore checkpointing = new Semaphore(1);
    private volatile State state;
    private volatile @Nullable DownloadException broken;
    private volatile boolean sealed;
    private boolean folderSynced;

    /** Created by {@link PartFiles}. */
    Part(
            Path folder,
            int number,
            DiskFile data,
            Claims claims,
            RangeSet present,
            Surroundings around) {
        this.folder = folder;
        this.number = number;
        this.data = data;
        this.claims = claims;
        this.around = around;
        state = new State(present, List.of());
        // Enciphered bytes are not the content's: they are hashed when they are deciphered.
        shade =
                claims.cipher() == null
                        ? new Shade(data, this::endOfRunAt, around.hashers(), around.blocks())
                        : null;
    }

    int number() {
        return number;
    }

    SourceKey source() {
        return claims.source();
    }

    Identity identity() {
        return claims.identity();
    }

    @Nullable CipherSpec cipher() {
        return claims.cipher();
    }

    DiskFile data() {
        return data;
    }

    // --- what is there ---

    RangeSet present() {
        var now = state;
        var present = now.settled;
        for (var lane : now.lanes) {
            present = present.plus(lane.start(), lane.position());
        }
        return present;
    }

    long downloaded() {
        var now = state;
        var sum = now.settled.size();
        for (var lane : now.lanes) {
            sum += now.settled.missing(lane.start(), lane.position()).size();
        }
        return sum;
    }

    long endOfRunAt(long position) {
        return present().endOfRunAt(position);
    }

    boolean isWhole() {
        var length = identity().length();
        return length >= 0 && present().contains(0, length);
    }

    /** Reads bytes that are there. */
    int read(long position, ByteBuffer target) throws IOException {
        var most = Math.min(target.remaining(), endOfRunAt(position) - position);
        if (most <= 0) {
            return 0;
        }
        var limit = target.limit();
        try {
            return data.read(target.limit(target.position() + (int) most), position);
        } finally {
            target.limit(limit);
        }
    }

    // --- lanes ---

    PartLane lane(long position) {
        synchronized (this) {
            requireUnsealed();
            var lane = new PartLane(this, claims.take(), position);
            var lanes = new ArrayList<>(state.lanes);
            lanes.add(lane);
            state = new State(state.settled, List.copyOf(lanes));
            return lane;
        }
    }

    boolean hasLanes() {
        return !state.lanes.isEmpty();
    }

    /** Writes a block for a lane: data first, then the claim. */
    void write(ByteBuffer bytes, long at, Journal.@Nullable Slot slot, long start)
            throws DownloadException {
        var to = at + bytes.remaining();
        var length = identity().length();
        if (length >= 0 && to > length) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL,
                    "The source sent more than the " + length + " bytes it announced.");
        }
        try {
            data.write(bytes, at);
            if (slot != null) {
                slot.claim(start, to);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Whether a lane may go on. */
    void requireWritable(boolean lost) throws DownloadException {
        requireUnsealed();
        var failure = broken;
        if (failure != null) {
            throw Disk.again(failure);
        }
        if (lost) {
            throw new DownloadException(
                    ErrorClass.IO, "What was written to " + folder + " was lost by its disk.");
        }
    }

    /** A lane has published the end of a block. */
    void arrived(long from, long to) {
        around.waiters().arrived(from, to);
        if (shade != null) {
            shade.advanced(from, to);
        }
    }

    /** A lane ends. What it wrote is settled, unless a failed sync has made it worthless. */
    void end(PartLane lane, Journal.@Nullable Slot slot) throws DownloadException {
        boolean kept;
        synchronized (this) {
            var lanes = new ArrayList<>(state.lanes);
            kept = lanes.remove(lane) && lane.position() > lane.start();
            state =
                    new State(
                            kept
                                    ? state.settled.plus(lane.start(), lane.position())
                                    : state.settled,
                            List.copyOf(lanes));
        }
        if (slot != null && kept) {
            // Behind the settled ranges: a checkpoint reads the slots first.
            claims.settle(slot);
        } else if (slot != null) {
            unclaim(slot);
            claims.release(slot);
        }
        hash();
    }

    void unclaim(Journal.@Nullable Slot slot) throws DownloadException {
        try {
            if (slot != null) {
                slot.clear();
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    // --- hashing ---

    /** Hashes what is there, on the pool. */
    void hash() {
        if (shade != null) {
            shade.settled();
        }
    }

    /** Memory for bytes from a position on, if they are worth to be hashed from it; or null. */
    @Nullable ByteBuffer block(long from) {
        var length = identity().length();
        var isSmall = length >= 0 && length < 2 * Blocks.SIZE;
        return shade == null || isSmall || !shade.isSoon(from) ? null : around.blocks().take();
    }

    /** Takes back a block with bytes that were written from a position on. */
    void hashFrom(ByteBuffer block, long from) {
        if (shade == null) {
            around.blocks().give(block);
        } else {
            shade.take(block, from);
        }
    }

    /** What was hashed so far may not be what is there. */
    void rehash() {
        if (shade != null) {
            shade.forget(0);
        }
    }

    /** The digest of all bytes, which must be plain and complete; hashes what is left to hash. */
    Digest finishHash() throws IOException, InterruptedException {
        if (shade == null) {
            throw new IllegalStateException("Only plain bytes are hashed as they come");
        }
        return shade.finish(identity().length());
    }

    // --- claims ---

    /** P2: syncs what was written, then claims it. */
    void checkpoint() throws DownloadException {
        claim(
                () -> {
                    var settledBefore = claims.settled();
                    var written = present();
                    if (!written.equals(claims.last().ranges())) {
                        syncOrLose(this::syncData);
                        claims.write(identity(), null, written);
                        syncFolders();
                        claims.sync();
                    }
                    claims.free(settledBefore);
                });
    }

    void identify(Identity identity) throws DownloadException {
        claim(() -> claims.write(identity, null, claims.last().ranges()));
        around.waiters().wakeAll();
    }

    /** P3: puts all bytes on the disk; a checkpoint may claim them from then on. */
    void sync() throws DownloadException, IOException {
        checkpointing.acquireUninterruptibly();
        try {
            syncOrLose(data::sync);
        } finally {
            checkpointing.release();
        }
    }

    /** P3: notes under which name the bytes, all on the disk, are about to be published. */
    void publishing(String hex) throws DownloadException {
        claim(() -> claims.write(identity(), hex, present()));
    }

    void forget(Range range) throws DownloadException {
        claim(
                () -> {
                    var settledBefore = claims.settled();
                    var written = without(range);
                    if (shade != null) {
                        shade.forget(range.from());
                    }
                    syncOrLose(this::syncData);
                    // Twice, so that no older checkpoint brings the bytes back.
                    claims.write(identity(), null, written);
                    claims.write(identity(), null, written);
                    claims.sync();
                    claims.free(settledBefore);
                });
    }

    private synchronized RangeSet without(Range range) {
        for (var lane : state.lanes) {
            if (lane.start() < range.to() && range.from() < lane.position()) {
                throw new IllegalArgumentException("A lane is in the range to forget");
            }
        }
        state = new State(state.settled.minus(range.from(), range.to()), state.lanes);
        return present();
    }

    @FunctionalInterface
    private interface Claiming {
        void run() throws IOException;
    }

    private void claim(Claiming action) throws DownloadException {
        checkpointing.acquireUninterruptibly();
        try {
            action.run();
        } catch (IOException e) {
            throw failed(e);
        } finally {
            checkpointing.release();
        }
    }

    private void syncFolders() throws IOException {
        if (!folderSynced) {
            Disk.syncFolder(folder);
            Disk.syncFolder(folder.getParent());
            folderSynced = true;
        }
    }

    /**
     * A page whose sync failed counts as clean for the kernel and may vanish, so all that was
     * written since the last success counts as not written.
     */
    private void syncOrLose(Claiming sync) throws IOException {
        try {
            sync.run();
        } catch (IOException e) {
            if (!data.isClosed()) {
                lose(failed(e));
            }
            throw e;
        }
    }

    private void syncData() throws IOException {
        around.steps().reached(Steps.Step.BEFORE_DATA_SYNC);
        data.sync();
    }

    private void lose(DownloadException error) throws IOException {
        broken = error;
        synchronized (this) {
            state.lanes.forEach(PartLane::lose);
            state = new State(claims.last().ranges(), List.of());
        }
        rehash();
        claims.free(claims.settled());
    }

    // --- its life ---

    /** Ends all writing. */
    synchronized void seal() {
        if (!state.lanes.isEmpty()) {
            throw new IllegalStateException("A lane is still open");
        }
        sealed = true;
    }

    /** Writing may go on, unless the file has become an item already. */
    void unseal() {
        sealed = !folder.equals(data.path().getParent());
    }

    private void requireUnsealed() {
        if (sealed) {
            throw new IllegalStateException("The bytes are being made content, or are");
        }
    }

    /** After a failed sync, writing may be tried again. */
    void mend() {
        broken = null;
    }

    /** Removes it: first what claims, then the data. */
    void delete() throws IOException {
        close();
        PartFiles.delete(folder, number);
    }

    @Override
    public void close() throws IOException {
        if (shade != null) {
            shade.close();
        }
        try (claims) {
            data.close();
        }
    }

    boolean isClosed() {
        return data.isClosed();
    }

    /** What an error of the disk means for the download. */
    DownloadException failed(IOException error) {
        return isClosed()
                ? Disk.gone()
                : Disk.error(error, folder, "The download cannot be kept in " + folder);
    }
}
