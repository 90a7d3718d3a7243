package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.read;
import static dev.capstan.content.file.TestStore.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** P8: ingest, pin, read and eviction in 10,000 interleavings. */
@Timeout(120)
class InterleavingTest {
    private static final int CONTENTS = 5;
    private static final int SIZE = 300;
    private static final int ROUNDS = 2500;

    @TempDir Path root;
    private TestStore test;

    private Digest digest(int i) {
        return sha256(bytes(i, SIZE));
    }

    @Test
    void p8WhatIsPinnedIsNeverLostAndWhatIsReadIsRight() throws Exception {
        try (var store = new TestStore(root)) {
            test = store;
            var tasks = new ArrayList<FutureTask<Integer>>();
            for (var t = 0; t < 4; t++) {
                var seed = t;
                var task = new FutureTask<>(() -> run(new Random(seed), "owner" + seed));
                new Thread(task, "test-" + t).start();
                tasks.add(task);
            }
            var done = 0;
            for (var task : tasks) {
                done += task.get(110, TimeUnit.SECONDS);
            }
            assertThat(done).isEqualTo(4 * ROUNDS);
            for (var item : test.store.list(null, CONTENTS)) {
                assertThat(test.store.verify(item.digest())).isTrue();
            }
        }
    }

    private int run(Random random, String owner) throws Exception {
        var mine = new boolean[CONTENTS];
        for (var round = 0; round < ROUNDS; round++) {
            var i = random.nextInt(CONTENTS);
            switch (random.nextInt(10)) {
                case 0 -> test.store(owner + i, bytes(i, SIZE));
                case 1, 2, 3 -> mine[i] |= test.store.pin(digest(i), owner);
                case 4 -> {
                    test.store.unpin(digest(i), owner);
                    mine[i] = false;
                }
                case 5, 6 -> {
                    var reader = test.store.open(digest(i));
                    assertThat(reader.isPresent() || !mine[i]).as("pinned %d", i).isTrue();
                    if (reader.isPresent()) {
                        try (var open = reader.get()) {
                            assertThat(read(open, 0, SIZE + 1)).isEqualTo(bytes(i, SIZE));
                        }
                    }
                }
                default -> {
                    var evicted = test.store.evict(digest(i));
                    assertThat(evicted && mine[i]).as("evicted while pinned: %d", i).isFalse();
                }
            }
            if (mine[i]) {
                assertThat(test.store.find(digest(i)).orElseThrow().pins()).contains(owner);
                assertThat(test.layout.item(digest(i).hex())).exists();
            }
        }
        return ROUNDS;
    }
}
