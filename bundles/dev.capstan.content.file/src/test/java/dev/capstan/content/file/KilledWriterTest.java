package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.identity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.spi.Range;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** P2: a process that writes with several lanes is killed with -9. */
@Timeout(120)
class KilledWriterTest {
    private static final int LANES = 4;
    private static final int BLOCK = 64 << 10;
    private static final long SEGMENT = 1L << 30;

    @TempDir Path root;

    /** The byte that belongs at a position, so that every claim can be checked. */
    private static void pattern(long position, byte[] into) {
        for (var i = 0; i < into.length; i += 8) {
            var word = (position + i) * 0x9E3779B97F4A7C15L;
            ByteBuffer.wrap(into).putLong(i, word);
        }
    }

    /** Writes without end, and says after each block how far each lane is. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            var test = new TestStore(Path.of(arguments[0]));
            var ingest = test.ingest("a");
            var filler = ingest.fill().orElseThrow();
            filler.identify(identity(LANES * SEGMENT, "v"));
            var positions = new AtomicLongArray(LANES);
            for (var i = 0; i < LANES; i++) {
                var number = i;
                new Thread(() -> write(filler, number, positions)).start();
            }
            while (true) {
                // A line is one write: what is printed was acknowledged before.
                System.out.println(positions);
                System.out.flush();
            }
        }

        private static void write(
                dev.capstan.content.spi.Filler filler, int number, AtomicLongArray positions) {
            var block = new byte[BLOCK];
            var direct = ByteBuffer.allocateDirect(BLOCK);
            var lane = filler.lane(number * SEGMENT);
            try {
                while (lane.position() < (number + 1) * SEGMENT) {
                    pattern(lane.position(), block);
                    lane.write(direct.clear().put(block).flip());
                    positions.set(number, lane.position());
                    if (lane.position() % (BLOCK * 37L) == 0) {
                        var next = lane.position();
                        lane.close();
                        lane = filler.lane(next);
                    }
                }
            } catch (Exception e) {
                e.printStackTrace();
            }
        }
    }

    @RepeatedTest(3)
    void p2WhatWasAcknowledgedIsClaimedAndWhatIsClaimedIsThere() throws Exception {
        String said = null;
        try (var writer = new ChildProcess(Writer.class, root)) {
            for (var line = writer.line(); line != null; line = writer.line()) {
                said = line;
                if (Arrays.stream(positions(line)).limit(LANES).min().orElse(0) > 8 << 20) {
                    break;
                }
            }
            writer.kill();
            for (var line = writer.line(); line != null; line = writer.line()) {
                said = line.endsWith("]") ? line : said;
            }
        }
        assertThat(said).startsWith("[");
        var acknowledged = positions(said);

        try (var test = new TestStore(root);
                var ingest = test.ingest("a")) {
            var present = ingest.present();
            for (var i = 0; i < LANES; i++) {
                assertThat(present.contains(i * SEGMENT, acknowledged[i])).isTrue();
            }
            var expected = new byte[BLOCK];
            var there = ByteBuffer.allocate(BLOCK);
            for (Range range : present.ranges()) {
                for (var at = range.from(); at < range.to(); at += BLOCK) {
                    pattern(at, expected);
                    assertThat(ingest.read(at, there.clear())).isEqualTo(BLOCK);
                    assertThat(there.array()).isEqualTo(expected);
                }
            }
            // Lost is at most the block each lane was writing: nothing else lies in the file.
            var file = PartFiles.data(test.layout.staged(Layout.key(ingest.source())), 1);
            assertThat(java.nio.file.Files.size(file))
                    .isLessThanOrEqualTo(present.endOfRunAt((LANES - 1) * SEGMENT) + BLOCK);
        }
    }

    private static long[] positions(String line) {
        return Arrays.stream(line.replaceAll("[\\[\\] ]", "").split(","))
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
