package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.NOTHING_PROMISED;
import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.identity;
import static dev.capstan.content.file.TestStore.read;
import static dev.capstan.content.file.TestStore.sha256;
import static dev.capstan.content.file.TestStore.source;
import static dev.capstan.content.file.TestStore.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Content;
import dev.capstan.content.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * P8: ingest, commit, pin, read, eviction and quarantine in 10,000 interleavings, over limits that
 * are always too narrow; {@code -Dcapstan.interleavings} makes it more.
 */
@Timeout(300)
class InterleavingTest {
    private static final int THREADS = 4;
    private static final int CONTENTS = 5;
    private static final int SIZE = 300;
    private static final int ROUNDS = Integer.getInteger("capstan.interleavings", 10_000) / THREADS;

    /** Room for fewer than are stored, so that the store evicts by itself all the time. */
    private static final Limits NARROW =
            new Limits(3 * SIZE, 0, 3, Duration.ZERO, 0, Duration.ZERO, Duration.ofDays(30));

    @TempDir Path root;
    private TestStore test;

    @Test
    void p8WhatIsPinnedOrReadIsNeverLostAndNothingIsSeenBeforeItsCommit() throws Exception {
        try (var store = new TestStore(root, NARROW, InstantSource.system(), Steps.NONE)) {
            test = store;
            var tasks = new ArrayList<FutureTask<Integer>>();
            for (var t = 0; t < THREADS; t++) {
                var seed = t;
                var task = new FutureTask<>(() -> run(new Random(seed), seed));
                new Thread(task, "test-" + t).start();
                tasks.add(task);
            }
            var done = 0;
            for (var task : tasks) {
                done += task.get(290, TimeUnit.SECONDS);
            }
            assertThat(done).isEqualTo(THREADS * ROUNDS);
            for (var item : test.store.list(null, 100)) {
                assertThat(test.store.verify(item.digest())).isTrue();
            }
        }
    }

    private int run(Random random, int thread) throws Exception {
        var owner = "owner" + thread;
        var mine = new boolean[CONTENTS];
        for (var round = 0; round < ROUNDS; round++) {
            var i = random.nextInt(CONTENTS);
            var digest = digest(i);
            // What waits for the disk is rarer, so that many rounds are made.
            var action = random.nextInt(100);
            if (action < 1) {
                damage(owner, 50 + thread);
            } else if (action < 4) {
                readWhileItArrives(owner, 100 + 1000 * thread + round);
            } else if (action < 9) {
                test.store(owner + i, bytes(i, SIZE));
            } else if (action < 30) {
                mine[i] |= test.store.pin(digest, owner);
            } else if (action < 40) {
                test.store.unpin(digest, owner);
                mine[i] = false;
            } else if (action < 60) {
                readStored(i, mine[i]);
            } else if (action < 70) {
                readWhileItIsEvicted(i);
            } else {
                var evicted = test.store.evict(digest);
                assertThat(evicted && mine[i]).as("evicted while pinned: %d", i).isFalse();
            }
            if (mine[i]) {
                assertThat(test.store.find(digest).orElseThrow().pins()).contains(owner);
                assertThat(test.layout.item(digest.hex())).exists();
            }
        }
        return ROUNDS;
    }

    private void readStored(int i, boolean pinned) throws Exception {
        var reader = test.store.open(digest(i));
        assertThat(reader.isPresent() || !pinned).as("pinned %d", i).isTrue();
        if (reader.isPresent()) {
            try (var open = reader.get()) {
                assertThat(read(open, 0, SIZE + 1)).isEqualTo(bytes(i, SIZE));
            }
        }
    }

    private void readWhileItIsEvicted(int i) throws Exception {
        var reader = test.store.open(digest(i));
        if (reader.isPresent()) {
            try (var open = reader.get()) {
                assertThat(test.store.evict(digest(i))).as("evicted while read: %d", i).isFalse();
                assertThat(test.layout.item(digest(i).hex())).exists();
                assertThat(read(open, 0, SIZE + 1)).isEqualTo(bytes(i, SIZE));
            }
        }
    }

    /** Nobody else knows these bytes, so nobody else may make them visible. */
    private void readWhileItArrives(String owner, int seed) throws Exception {
        var body = bytes(seed, SIZE);
        var key = owner + "-arriving";
        try (var ingest = test.ingest(key)) {
            try (var filler = ingest.fill().orElseThrow()) {
                filler.restart(identity(SIZE, "v" + seed));
                write(filler, body, 0, SIZE / 2);
                assertThat(test.store.find(sha256(body))).isEmpty();
                assertThat(test.store.find(source(key)).map(Content::digest))
                        .as("an older version at most")
                        .isNotEqualTo(Optional.of(sha256(body)));
                write(filler, body, SIZE / 2, SIZE);
            }
            try (var reader = ingest.open()) {
                assertThat(reader.isVerified()).isFalse();
                assertThat(read(reader, 0, 10)).isEqualTo(Arrays.copyOf(body, 10));
                assertThat(test.store.open(sha256(body))).isEmpty();
                var content = test.store.commit(ingest, NOTHING_PROMISED);
                assertThat(reader.isVerified()).isTrue();
                assertThat(test.store.evict(content.digest())).as("read").isFalse();
                assertThat(read(reader, 0, SIZE + 1)).isEqualTo(body);
            }
        }
    }

    /** What is damaged on the disk is set aside when it is opened, and comes again. */
    private void damage(String owner, int seed) throws Exception {
        var body = bytes(seed, SIZE);
        try (var ingest = test.ingest(owner + "-damaged")) {
            TestStore.fill(ingest, body);
            var content = test.store.commit(ingest, NOTHING_PROMISED);
            Files.delete(content.path());
            Files.write(content.path(), new byte[SIZE]);
            assertThat(test.store.open(content.digest())).isEmpty();
            assertThat(test.store.find(content.digest())).isEmpty();
        }
        test.store(owner + "-damaged", body);
    }

    private static Digest digest(int i) {
        return sha256(bytes(i, SIZE));
    }
}
