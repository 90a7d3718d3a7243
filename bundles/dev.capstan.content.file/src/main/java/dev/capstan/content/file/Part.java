package dev.capstan.content.file;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One version of one source as far as its bytes are there: a sparse data file and its {@link
 * Journal}.
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

    /** What parts of one store share. */
    record Surroundings(Waiters waiters, Executor hashers, Steps steps) {}

    private final int number;
    private final Path folder;
    private final DiskFile data;
    private final Journal journal;
    private final @Nullable CipherSpec cipher;
    private final Surroundings around;
    private final @Nullable Shade shade;

    private final Semaphore checkpointing = new Semaphore(1);
    private final BitSet takenSlots = new BitSet(Journal.SLOTS);
    private final List<Journal.Slot> settledSlots = new ArrayList<>();

    private volatile State state;
    private volatile Checkpoint last;
    private volatile @Nullable DownloadException broken;
    private volatile boolean sealed;
    private boolean folderSynced;

    private Part(
            Path folder,
            int number,
            DiskFile data,
            Journal journal,
            Checkpoint last,
            @Nullable CipherSpec cipher,
            Surroundings around) {
        this.folder = folder;
        this.number = number;
        this.data = data;
        this.journal = journal;
        this.last = last;
        this.cipher = cipher;
        this.around = around;
        state = new State(last.ranges(), List.of());
        // The bytes of a cipher are not the content's: they are hashed when they are deciphered.
        shade = cipher == null ? new Shade(data, this::endOfRunAt, around.hashers()) : null;
    }

    static Path dataFile(Path folder, int number) {
        return folder.resolve(number + ".part");
    }

    static Path journalFile(Path folder, int number) {
        return folder.resolve(number + ".ranges");
    }

    /** Begins with nothing. The part is there as soon as its journal is whole. */
    static Part create(
            Path folder,
            int number,
            SourceKey source,
            Identity identity,
            @Nullable CipherSpec cipher,
            Surroundings around)
            throws IOException {
        var path = dataFile(folder, number);
        Files.deleteIfExists(path);
        var data = DiskFile.write(path);
        try {
            var file = FileState.of(path);
            var first = new Checkpoint(0, file, identity, cipher, null, RangeSet.EMPTY);
            var journal = Journal.create(journalFile(folder, number), source, first);
            journal.bind(file.inode());
            return new Part(folder, number, data, journal, first, cipher, around);
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /**
     * Goes on with what is there; null if there is no journal or it does not fit its file.
     *
     * @param request says which cipher the bytes are in; null to believe the journal
     */
    static @Nullable Part load(
            Path folder, int number, @Nullable IngestRequest request, Surroundings around)
            throws IOException {
        var path = dataFile(folder, number);
        var journal = Journal.open(journalFile(folder, number));
        if (journal == null) {
            return null;
        }
        try {
            var last = journal.newest();
            if (last != null && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                var cipher = request != null ? request.cipher() : last.cipher();
                var part = fit(folder, number, journal, last, cipher, around);
                if (part != null) {
                    return part;
                }
            }
        } catch (IOException e) {
            journal.close();
            throw e;
        }
        journal.close();
        return null;
    }

    private static @Nullable Part fit(
            Path folder,
            int number,
            Journal journal,
            Checkpoint last,
            @Nullable CipherSpec cipher,
            Surroundings around)
            throws IOException {
        var path = dataFile(folder, number);
        var file = FileState.of(path);
        var sameFile = file.inode() == last.file().inode();
        // A folder that was moved to another disk while nothing ran has other inodes.
        var movedFile =
                file.size() == last.file().size() && file.modified() == last.file().modified();
        if (last.end() > file.size() || !(sameFile || movedFile)) {
            return null;
        }
        // A commit that was cut short may have taken the right to write.
        Disk.makeWritable(path);
        var part = new Part(folder, number, DiskFile.write(path), journal, last, cipher, around);
        journal.bind(file.inode());
        if (sameFile && !part.believeSlots(file.size())) {
            part.data.close();
            return null;
        }
        if (!sameFile) {
            part.write(last.identity(), null, last.ranges());
        }
        return part;
    }

    private boolean believeSlots(long size) throws IOException {
        journal.readSlots();
        var settled = last.ranges();
        for (var i = 0; i < Journal.SLOTS; i++) {
            var slot = journal.slot(i);
            for (var range : slot.claimed().ranges()) {
                if (range.to() > size) {
                    return false;
                }
                settled = settled.plus(range.from(), range.to());
                takenSlots.set(i);
                settledSlots.add(slot);
            }
        }
        state = new State(settled, List.of());
        return true;
    }

    int number() {
        return number;
    }

    SourceKey source() {
        return journal.source();
    }

    Identity identity() {
        return last.identity();
    }

    @Nullable CipherSpec cipher() {
        return cipher;
    }

    DiskFile data() {
        return data;
    }

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

    PartLane lane(long position) {
        synchronized (this) {
            requireUnsealed();
            var free = takenSlots.nextClearBit(0);
            // Without a slot its bytes are claimed by the next checkpoint only.
            var slot = free < Journal.SLOTS ? journal.slot(free) : null;
            if (slot != null) {
                takenSlots.set(free);
            }
            var lane = new PartLane(this, slot, position);
            var lanes = new ArrayList<>(state.lanes);
            lanes.add(lane);
            state = new State(state.settled, List.copyOf(lanes));
            return lane;
        }
    }

    /** Writes a block for a lane: data first, then the claim. */
    void write(ByteBuffer bytes, long at, Journal.@Nullable Slot slot, long start)
            throws DownloadException {
        var failure = broken;
        if (failure != null) {
            throw Disk.again(failure);
        }
        requireUnsealed();
        var to = at + bytes.remaining();
        var length = identity().length();
        if (length >= 0 && to > length) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL,
                    "The source sent more than the " + Disk.bytes(length) + " it announced.");
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

    /** A lane has published the end of a block. */
    void arrived(long from, long to) {
        around.waiters().arrived(from, to);
        if (shade != null) {
            shade.advanced(from, to);
        }
    }

    /** A lane ends; what it wrote is settled, unless a failed sync made it worthless. */
    void settle(PartLane lane, Journal.@Nullable Slot slot) {
        synchronized (this) {
            var lanes = new ArrayList<>(state.lanes);
            var settled = state.settled;
            var kept = lanes.remove(lane) && lane.position() > lane.start();
            if (kept) {
                settled = settled.plus(lane.start(), lane.position());
            }
            state = new State(settled, List.copyOf(lanes));
            if (slot != null && kept) {
                settledSlots.add(slot);
            } else if (slot != null) {
                takenSlots.clear(slot.number);
            }
        }
        if (shade != null) {
            shade.wake();
        }
    }

    /** Hashes what is there, on the pool. */
    void hash() {
        if (shade != null) {
            shade.wake();
        }
    }

    /** The digest of all bytes, which must be plain and complete; hashes what is left to hash. */
    Digest finishHash() throws IOException, InterruptedException {
        if (shade == null) {
            throw new IllegalStateException("Only plain bytes are hashed as they come");
        }
        return shade.finish(identity().length());
    }

    /** P2: syncs what was written, then claims it. */
    void checkpoint() throws DownloadException {
        checkpointing.acquireUninterruptibly();
        try {
            RangeSet written;
            List<Journal.Slot> settledBefore;
            synchronized (this) {
                written = present();
                settledBefore = List.copyOf(settledSlots);
            }
            if (!written.equals(last.ranges())) {
                syncOrLose();
                write(last.identity(), null, written);
                if (!folderSynced) {
                    Disk.syncFolder(folder);
                    Disk.syncFolder(folder.getParent());
                    folderSynced = true;
                }
                journal.sync();
            }
            free(settledBefore);
        } catch (IOException e) {
            throw failed(e);
        } finally {
            checkpointing.release();
        }
    }

    void identify(Identity identity) throws DownloadException {
        checkpointing.acquireUninterruptibly();
        try {
            write(identity, null, last.ranges());
        } catch (IOException e) {
            throw failed(e);
        } finally {
            checkpointing.release();
        }
        around.waiters().wakeAll();
    }

    void forget(Range range) throws DownloadException {
        List<Journal.Slot> settledBefore;
        RangeSet written;
        checkpointing.acquireUninterruptibly();
        try {
            synchronized (this) {
                for (var lane : state.lanes) {
                    if (lane.start() < range.to() && range.from() < lane.position()) {
                        throw new IllegalArgumentException("A lane is in the range to forget");
                    }
                }
                state = new State(state.settled.minus(range.from(), range.to()), state.lanes);
                settledBefore = List.copyOf(settledSlots);
                written = present();
            }
            if (shade != null) {
                shade.forget(range.from());
            }
            syncOrLose();
            // Twice, so that no older checkpoint brings the bytes back.
            write(last.identity(), null, written);
            write(last.identity(), null, written);
            journal.sync();
            free(settledBefore);
        } catch (IOException e) {
            throw failed(e);
        } finally {
            checkpointing.release();
        }
    }

    /** P3: notes under which name the bytes are about to be published. */
    void publishing(String hex) throws IOException {
        checkpointing.acquireUninterruptibly();
        try {
            write(last.identity(), hex, last.ranges());
        } finally {
            checkpointing.release();
        }
    }

    /** Ends all writing. */
    void seal() {
        synchronized (this) {
            if (!state.lanes.isEmpty()) {
                throw new IllegalStateException("A lane is still open");
            }
            sealed = true;
        }
    }

    /** Writing may go on, unless the file has become an item already. */
    void unseal() {
        sealed = !folder.equals(data.path().getParent());
    }

    /** Writing may be tried again. */
    void mend() {
        broken = null;
    }

    boolean hasLanes() {
        return !state.lanes.isEmpty();
    }

    /** Removes the part: first the claim, then the data. */
    void delete() throws IOException {
        close();
        delete(folder, number);
    }

    static void delete(Path folder, int number) throws IOException {
        Files.deleteIfExists(journalFile(folder, number));
        Files.deleteIfExists(dataFile(folder, number));
    }

    @Override
    public void close() throws IOException {
        try (journal) {
            data.close();
        }
    }

    /** What an error of the disk means for the download. */
    DownloadException failed(IOException error) {
        return data.isClosed()
                ? Disk.gone()
                : Disk.error(error, folder, "The download cannot be kept in " + folder);
    }

    private void requireUnsealed() {
        if (sealed) {
            throw new IllegalStateException("The bytes are being made content, or are");
        }
    }

    private void write(Identity identity, @Nullable String publishing, RangeSet ranges)
            throws IOException {
        var next =
                new Checkpoint(
                        last.generation() + 1,
                        FileState.of(data.path()),
                        identity,
                        cipher,
                        publishing,
                        ranges);
        journal.write(next);
        last = next;
    }

    /**
     * A page whose sync failed counts as clean for the kernel and may vanish, so all that was
     * written since the last success counts as not written.
     */
    private void syncOrLose() throws IOException {
        try {
            around.steps().reached(Steps.Step.BEFORE_DATA_SYNC);
            data.sync();
        } catch (IOException e) {
            if (!data.isClosed()) {
                lose(failed(e));
            }
            throw e;
        }
    }

    private void lose(DownloadException error) throws IOException {
        broken = error;
        List<Journal.Slot> worthless;
        synchronized (this) {
            for (var lane : state.lanes) {
                lane.lose();
            }
            state = new State(last.ranges(), List.of());
            worthless = List.copyOf(settledSlots);
        }
        if (shade != null) {
            shade.forget(0);
        }
        free(worthless);
    }

    private void free(List<Journal.Slot> slots) throws IOException {
        for (var slot : slots) {
            slot.clear();
        }
        synchronized (this) {
            settledSlots.removeAll(slots);
            slots.forEach(slot -> takenSlots.clear(slot.number));
        }
    }
}
