package dev.capstan.content.file;

import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.decrypt.spi.CipherSpec;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the journal of one part claims: who has which slot, and the last checkpoint.
 *
 * <p>A lane takes a slot and keeps it to its end; then the slot is settled: it claims what the lane
 * wrote until a checkpoint has claimed the same, and is free after that.
 *
 * <p><b>Threads</b>: checkpoints are written by one thread at a time, the slots' lock guards memory
 * only.
 */
final class Claims implements Closeable {
    private final Journal journal;
    private final DiskFile data;
    private final @Nullable CipherSpec cipher;
    private final BitSet taken = new BitSet(Journal.SLOTS);
    private final List<Journal.Slot> settled = new ArrayList<>();
    private volatile Checkpoint last;
    private boolean everSynced;
    private boolean synced;

    Claims(Journal journal, DiskFile data, Checkpoint last, @Nullable CipherSpec cipher) {
        this.journal = journal;
        this.data = data;
        this.last = last;
        this.cipher = cipher;
    }

    SourceKey source() {
        return journal.source();
    }

    @Nullable CipherSpec cipher() {
        return cipher;
    }

    Checkpoint last() {
        return last;
    }

    Identity identity() {
        return last.identity();
    }

    /** What the slots of an earlier process claim; they are settled. */
    RangeSet readSlots() throws IOException {
        everSynced = true;
        journal.readSlots();
        var claimed = RangeSet.EMPTY;
        for (var i = 0; i < Journal.SLOTS; i++) {
            var slot = journal.slot(i);
            var range = slot.claimed();
            if (!range.isEmpty()) {
                claimed = claimed.plus(range);
                taken.set(i);
                settled.add(slot);
            }
        }
        return claimed;
    }

    /** A free slot; null if there is none, and only checkpoints claim what the lane writes. */
    synchronized Journal.@Nullable Slot take() {
        var free = taken.nextClearBit(0);
        if (free >= Journal.SLOTS) {
            return null;
        }
        taken.set(free);
        return journal.slot(free);
    }

    /** Its lane has ended, and what it claims is there. */
    synchronized void settle(Journal.Slot slot) {
        settled.add(slot);
    }

    /** Its lane has ended, and it claims nothing. */
    synchronized void release(Journal.Slot slot) {
        taken.clear(slot.number);
    }

    synchronized List<Journal.Slot> settled() {
        return List.copyOf(settled);
    }

    /** These claim nothing any more. */
    void free(List<Journal.Slot> slots) throws IOException {
        for (var slot : slots) {
            slot.clear();
        }
        synchronized (this) {
            settled.removeAll(slots);
            slots.forEach(slot -> taken.clear(slot.number));
        }
    }

    /** Writes the next checkpoint, which does not sync it. */
    void write(Identity identity, @Nullable String publishing, RangeSet ranges) throws IOException {
        if (everSynced && !synced) {
            // Never is the one that is surely on the disk written over before the other is.
            sync();
        }
        synced = false;
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

    void sync() throws IOException {
        journal.sync();
        synced = true;
        everSynced = true;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
