package dev.capstan.content.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.Digest;
import dev.capstan.content.spi.Range;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are hashed from where they were received. */
class BlocksTest {
    private static final int SIZE = 7_000_003;
    private static final int ROUNDS = 12;
    private static final byte[] BYTES = TestStore.bytes(1, SIZE);
    private static final byte[] OTHERS = TestStore.bytes(2, SIZE);

    /** Leaves all hashing to the commit. */
    private static final Executor NOBODY = task -> {};

    @TempDir Path folder;

    private final Blocks blocks = new Blocks();
    private final AtomicReference<Steps> steps = new AtomicReference<>(Steps.NONE);

    @AfterEach
    void allBlocksAreGivenBack() {
        assertThat(blocks.used()).isZero();
    }

    private Part part(int number, Executor hashers) throws IOException {
        return part(number, SIZE, hashers);
    }

    private Part part(int number, long length, Executor hashers) throws IOException {
        return PartFiles.create(
                folder,
                number,
                TestStore.request("a"),
                TestStore.identity(length, "v"),
                new Part.Surroundings(
                        new Waiters(),
                        hashers,
                        blocks,
                        step -> steps.get().reached(step),
                        "this boot"));
    }

    /** Writes some bytes where they belong, through memory of the lane's. */
    private static void receive(PartLane lane, byte[] all, int count) throws DownloadException {
        for (var left = count; left > 0; ) {
            var room = lane.buffer(left);
            assertThat(room).isNotNull();
            var some = room.remaining();
            lane.write(room.put(all, (int) lane.position(), some).flip());
            left -= some;
        }
    }

    private static void copy(PartLane lane, byte[] all, int count) throws DownloadException {
        lane.write(ByteBuffer.wrap(all, (int) lane.position(), count));
    }

    @Test
    void whatIsAtHandIsNotReadBack() throws Exception {
        try (var part = part(1, NOBODY)) {
            try (var lane = part.lane(0)) {
                receive(lane, BYTES, SIZE);
            }
            try (var file = new RandomAccessFile(part.data().path().toFile(), "rw")) {
                file.write(new byte[SIZE]);
            }

            assertThat(part.finishHash()).isEqualTo(TestStore.sha256(BYTES));
        }
    }

    @Test
    void whatIsForgottenIsNotHashed() throws Exception {
        try (var part = part(1, NOBODY)) {
            try (var lane = part.lane(0)) {
                receive(lane, OTHERS, SIZE);
            }
            part.forget(new Range(0, SIZE));
            try (var lane = part.lane(0)) {
                copy(lane, BYTES, SIZE);
            }

            assertThat(part.finishHash()).isEqualTo(TestStore.sha256(BYTES));
        }
    }

    @Test
    void p2WhatItsDiskLostIsNotHashed() throws Exception {
        try (var part = part(1, NOBODY)) {
            var lane = part.lane(0);
            receive(lane, OTHERS, SIZE);
            loseAll(part);
            // What it holds comes to be hashed only now.
            lane.close();
            try (var next = part.lane(0)) {
                copy(next, BYTES, SIZE);
            }

            assertThat(part.finishHash()).isEqualTo(TestStore.sha256(BYTES));
        }
    }

    @Test
    void p2WhatItsDiskLostIsNotHashedByACommitThatComesAtThatInstant() throws Exception {
        var small = Arrays.copyOf(BYTES, 3 << 20);
        var parts = new AtomicReference<Part>();
        var hashed = new ArrayList<Digest>();
        Executor committing = task -> hashed.add(finishHash(parts.get()));
        try (var part = part(1, small.length, committing)) {
            parts.set(part);
            var lane = part.lane(0);
            receive(lane, OTHERS, 500_000);
            loseAll(part);
            try (var next = part.lane(0)) {
                copy(next, small, small.length);

                lane.close();
            }

            assertThat(hashed).isNotEmpty().containsOnly(TestStore.sha256(small));
        }
    }

    private void loseAll(Part part) {
        steps.set(
                step -> {
                    throw new IOException("Input/output error");
                });
        assertThatThrownBy(part::checkpoint).isInstanceOf(DownloadException.class);
        steps.set(Steps.NONE);
        part.mend();
    }

    private static Digest finishHash(Part part) {
        try {
            return part.finishHash();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsFarFromTheFrontTakesNoMemory() throws Exception {
        try (var part = part(1, 64 << 20, NOBODY);
                var near = part.lane(16 << 20);
                var far = part.lane(17 << 20)) {
            assertThat(far.buffer(1000)).isNull();
            assertThat(blocks.used()).isZero();
            assertThat(near.buffer(1000)).isNotNull();
        }
    }

    @Test
    void memoryOfAPartThatIsGivenUpIsFree() throws Exception {
        try (var part = part(1, NOBODY)) {
            var lane = part.lane(0);
            receive(lane, BYTES, 3_000_000);
            part.close();
            lane.close();
        }
    }

    @Test
    void memoryIsBoundedAndWithoutItAllIsReadBack() throws Exception {
        var taken = 0;
        var held = new ByteBuffer[1000];
        while ((held[taken] = blocks.take()) != null) {
            taken++;
        }
        assertThat(taken).isEqualTo(24);
        try (var part = part(1, NOBODY)) {
            try (var lane = part.lane(0)) {
                assertThat(lane.buffer(1000)).isNull();
                copy(lane, BYTES, SIZE);
            }

            assertThat(part.finishHash()).isEqualTo(TestStore.sha256(BYTES));
        }
        Arrays.stream(held).limit(taken).forEach(blocks::give);
    }

    @Test
    void howeverLanesMeetTheDigestIsThatOfTheFile() throws Exception {
        var pool = Executors.newFixedThreadPool(2);
        try {
            for (var seed = 1; seed <= ROUNDS; seed++) {
                var random = new Random(seed);
                try (var part = part(seed, pool)) {
                    var lanes = new PartLane[1 + random.nextInt(3)];
                    var ends = new int[lanes.length];
                    for (var i = 0; i < lanes.length; i++) {
                        lanes[i] = part.lane((long) SIZE * i / lanes.length);
                        ends[i] = (int) ((long) SIZE * (i + 1) / lanes.length);
                    }
                    while (!part.isWhole()) {
                        var i = random.nextInt(lanes.length);
                        step(part, lanes, i, ends[i], random);
                    }
                    Arrays.stream(lanes).forEach(PartLane::close);

                    assertThat(part.finishHash())
                            .describedAs("seed " + seed)
                            .isEqualTo(TestStore.sha256(BYTES));
                }
            }
        } finally {
            pool.shutdown();
        }
    }

    private static void step(Part part, PartLane[] lanes, int i, int end, Random random)
            throws DownloadException {
        var lane = lanes[i];
        var left = end - (int) lane.position();
        var count = Math.min(left, 1 + random.nextInt(400_000));
        switch (random.nextInt(8)) {
            case 0 -> copy(lane, BYTES, count);
            case 1 -> {
                // Received, and only a part of it kept.
                var room = lane.buffer(2 * count);
                if (room != null) {
                    var some = Math.min(count, room.remaining());
                    room.put(OTHERS, 0, room.remaining()).clear();
                    room.put(BYTES, (int) lane.position(), some).flip();
                    lane.write(room);
                }
            }
            case 2 -> {
                lane.close();
                lanes[i] = part.lane(lane.position());
            }
            default -> receive(lane, BYTES, count);
        }
    }
}
