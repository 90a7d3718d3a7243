package dev.capstan.tck.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.content.Content;
import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.tck.Body;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What of P2 and P3 holds for every {@link ContentStore}, to be inherited by the test of a store.
 * The subclass has a constructor without parameters: a process that is killed makes it, too.
 */
@Timeout(120)
public abstract class ContentStoreContract {
    private static final int BLOCK = 4 << 10;
    private static final int BLOCKS = 16;
    private static final CommitRequest NOTHING_PROMISED = new CommitRequest(Set.of(), Set.of());

    /** Where the store of a test is. */
    @TempDir protected Path folder;

    /** Makes a suite. */
    protected ContentStoreContract() {}

    /**
     * Opens a store.
     *
     * @param where an existing folder of its own, or of a store that was closed or killed
     * @return the store
     * @throws Exception if it cannot be opened
     */
    protected abstract ContentStore open(Path where) throws Exception;

    /**
     * Closes a store.
     *
     * @param store one that {@link #open} gave
     * @throws Exception if it cannot be closed
     */
    protected abstract void close(ContentStore store) throws Exception;

    /**
     * Where the files of ingests are, while no store is open.
     *
     * @param where the folder a store was opened with
     * @return a folder whose files may be damaged at their ends
     */
    protected abstract Path staging(Path where);

    private interface Use {
        void of(ContentStore store) throws Exception;
    }

    private void withStore(Use use) throws Exception {
        var store = open(folder);
        try {
            use.of(store);
        } finally {
            close(store);
        }
    }

    @Test
    @DisplayName("P3: nothing is visible before commit, all of it afterwards, also to the next one")
    void nothingBeforeCommit() throws Exception {
        withStore(
                store -> {
                    try (var ingest = store.ingest(request(1))) {
                        fill(ingest, 1, 0, BLOCKS);
                        assertEquals(Optional.empty(), store.find(source(1)));
                        assertEquals(Optional.empty(), store.find(digest(1)));
                        assertEquals(0, store.usage().items());

                        assertEquals(digest(1), store.commit(ingest, NOTHING_PROMISED).digest());
                    }
                    mustBeWhole(store, 1);
                });
        withStore(store -> mustBeWhole(store, 1));
    }

    @Test
    @DisplayName("P3: what is not as promised, or not complete, never becomes visible")
    void brokenPromises() throws Exception {
        withStore(
                store -> {
                    try (var ingest = store.ingest(request(1))) {
                        fill(ingest, 1, 0, BLOCKS);
                        var other = new CommitRequest(Set.of(digest(2)), Set.of());
                        var error =
                                assertThrows(
                                        DownloadException.class, () -> store.commit(ingest, other));
                        assertEquals(ErrorClass.CHECKSUM, error.errorClass());
                    }
                    assertEquals(Optional.empty(), store.find(source(1)));
                    try (var ingest = store.ingest(request(3))) {
                        fill(ingest, 3, 0, BLOCKS - 1);
                        var error =
                                assertThrows(
                                        DownloadException.class,
                                        () -> store.commit(ingest, NOTHING_PROMISED));
                        assertEquals(ErrorClass.PROTOCOL, error.errorClass());
                    }
                    assertEquals(Optional.empty(), store.find(source(3)));
                    assertEquals(0, store.usage().items());
                });
    }

    @Test
    @DisplayName(
            "P2, P3: killed at any write, what was acknowledged is there, and content is whole")
    void killedWhileWriting() throws Exception {
        for (var enough : List.of(1, 9, 17, 18, 40, 61)) {
            var where = Files.createDirectory(folder.resolve("killed-" + enough));
            var said =
                    Victim.killedAfter(
                            Writing.class, enough, getClass().getName(), where.toString());
            var store = open(where);
            try {
                var last = said.get(said.size() - 1).split(" ");
                var number = Integer.parseInt(last[0]);
                var blocks = Integer.parseInt(last[1]);
                for (var n = 0; n < number; n++) {
                    mustBeWhole(store, n);
                }
                for (var n = number; n <= number + 1; n++) {
                    finish(store, n, n == number ? blocks : 0);
                }
            } finally {
                close(store);
            }
        }
    }

    /** Commits one content after another and says each block and each commit. */
    static final class Writing {
        private Writing() {}

        /**
         * Runs until it is killed.
         *
         * @param arguments the suite and the folder
         * @throws Exception if the store fails
         */
        public static void main(String[] arguments) throws Exception {
            var suite = Victim.suite(ContentStoreContract.class, arguments[0]);
            var store = suite.open(Path.of(arguments[1]));
            for (var n = 0; ; n++) {
                try (var ingest = store.ingest(request(n))) {
                    try (var filler = ingest.fill().orElseThrow()) {
                        filler.identify(identity());
                        try (var lane = filler.lane(0)) {
                            for (var block = 0; block < BLOCKS; block++) {
                                lane.write(block(n, block));
                                Victim.say(n + " " + (block + 1));
                            }
                        }
                    }
                    store.commit(ingest, NOTHING_PROMISED);
                }
                Victim.say(n + 1 + " 0");
            }
        }
    }

    @Test
    @DisplayName("P2: files whose ends are damaged claim nothing that is not there")
    void damagedTails() throws Exception {
        for (var cut : List.of(1, 5, 16, 17, BLOCK + 3)) {
            withStore(
                    store -> {
                        try (var ingest = store.ingest(request(cut))) {
                            fill(ingest, cut, 0, BLOCKS - 1);
                        }
                    });
            try (var files = Files.walk(staging(folder))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    try (var open = new RandomAccessFile(file.toFile(), "rw")) {
                        open.setLength(Math.max(0, open.length() - cut));
                    }
                }
            }
            withStore(store -> finish(store, cut, 0));
        }
    }

    /** What is claimed is right; the rest can be filled in, and the whole be committed. */
    private static void finish(ContentStore store, int n, int acknowledged) throws Exception {
        if (store.find(source(n)).isPresent()) {
            mustBeWhole(store, n);
            return;
        }
        try (var ingest = store.ingest(request(n))) {
            var present = ingest.present();
            assertTrue(
                    present.contains(0, (long) acknowledged * BLOCK),
                    () -> acknowledged + " blocks were acknowledged, there is " + present);
            for (var range : present.ranges()) {
                var there = ByteBuffer.allocate((int) (range.to() - range.from()));
                while (there.hasRemaining()) {
                    assertTrue(ingest.read(range.from() + there.position(), there) > 0);
                }
                var expected = body(n).bytes(range.from(), range.to());
                assertArrayEquals(expected, there.array(), () -> n + ": " + present);
            }
            fill(ingest, n, 0, BLOCKS);
            store.commit(ingest, NOTHING_PROMISED);
        }
        mustBeWhole(store, n);
    }

    private static void mustBeWhole(ContentStore store, int n) throws Exception {
        Content content = store.find(source(n)).orElseThrow(() -> new AssertionError("Lost: " + n));
        assertEquals(digest(n), content.digest());
        var bytes = ByteBuffer.allocate(BLOCK * BLOCKS + 1);
        try (var reader = store.open(content.digest()).orElseThrow()) {
            while (reader.read(bytes.position(), bytes) > 0) {}
        }
        assertArrayEquals(body(n).bytes(), Arrays.copyOf(bytes.array(), bytes.position()));
        assertTrue(store.verify(content.digest()));
    }

    /** Fills in the blocks of a part that are missing. */
    private static void fill(Ingest ingest, int n, int from, int to) throws Exception {
        try (var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity());
            RangeSet present = ingest.present();
            for (var block = from; block < to; block++) {
                if (!present.contains((long) block * BLOCK, (block + 1L) * BLOCK)) {
                    try (var lane = filler.lane((long) block * BLOCK)) {
                        lane.write(block(n, block));
                    }
                }
            }
        }
    }

    private static ByteBuffer block(int n, int block) {
        return ByteBuffer.wrap(body(n).bytes((long) block * BLOCK, (block + 1L) * BLOCK));
    }

    private static Body body(int n) {
        return Body.random((long) BLOCK * BLOCKS, n);
    }

    private static Digest digest(int n) {
        return Digest.sha256(body(n).sha256());
    }

    private static SourceKey source(int n) {
        return new SourceKey("tck", String.valueOf(n));
    }

    private static IngestRequest request(int n) {
        return new IngestRequest(source(n), null);
    }

    private static Identity identity() {
        var validator = new Validator("\"v1\"", null, false, null);
        return new Identity((long) BLOCK * BLOCKS, validator, "a/b");
    }
}
