package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.IngestRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A store on a temporary folder, and what tests say to it again and again. */
final class TestStore implements AutoCloseable {
    static final Limits NO_LIMITS =
            new Limits(
                    Long.MAX_VALUE, 100, 0, Duration.ZERO, 0, Duration.ZERO, Duration.ofDays(30));
    static final CommitRequest NOTHING_PROMISED = new CommitRequest(Set.of(), Set.of());

    final Layout layout;
    final FileContentStore store;

    TestStore(Path root) throws IOException {
        this(root, NO_LIMITS, InstantSource.system(), Steps.NONE);
    }

    TestStore(Path root, Limits limits, InstantSource clock, Steps steps) throws IOException {
        layout = layout(root);
        store = new FileContentStore(layout, limits, clock, steps);
    }

    static Layout layout(Path root) {
        return new Layout(root.resolve("content"), root.resolve("staging"));
    }

    /** A clock that stands still until it is told. */
    static final class Clock implements InstantSource {
        private final AtomicReference<Instant> now =
                new AtomicReference<>(Instant.parse("2025-01-01T00:00:00Z"));

        @Override
        public Instant instant() {
            return now.get();
        }

        void advance(Duration by) {
            now.updateAndGet(time -> time.plus(by));
        }
    }

    static byte[] bytes(long seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static SourceKey source(Object id) {
        return new SourceKey("test", String.valueOf(id));
    }

    static IngestRequest request(Object id) {
        return new IngestRequest(source(id), null);
    }

    static Identity identity(long length, String etag) {
        return new Identity(length, new Validator("\"" + etag + "\"", null, false, null), "a/b");
    }

    static Digest digest(String algorithm, byte[] bytes) {
        return Digest.of(algorithm, Digests.start(algorithm).digest(bytes));
    }

    static Digest sha256(byte[] bytes) {
        return digest(Digest.SHA_256, bytes);
    }

    Ingest ingest(Object id) throws Exception {
        return store.ingest(request(id));
    }

    /** Writes a part of some bytes at its place. */
    static void write(Filler filler, byte[] all, int from, int to) throws Exception {
        try (var lane = filler.lane(from)) {
            lane.write(ByteBuffer.wrap(all, from, to - from));
        }
    }

    /** Fills an ingest wholly. */
    static void fill(Ingest ingest, byte[] bytes) throws Exception {
        try (var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(bytes.length, "v1"));
            write(filler, bytes, 0, bytes.length);
        }
    }

    /** Takes bytes in and makes them content. */
    Content store(Object id, byte[] bytes) throws Exception {
        try (var ingest = ingest(id)) {
            fill(ingest, bytes);
            return store.commit(ingest, NOTHING_PROMISED);
        }
    }

    static byte[] read(dev.capstan.content.ContentReader reader, long from, int length)
            throws Exception {
        var target = ByteBuffer.allocate(length);
        while (target.hasRemaining()) {
            if (reader.read(from + target.position(), target) < 0) {
                break;
            }
        }
        return java.util.Arrays.copyOf(target.array(), target.position());
    }

    @Override
    public void close() {
        store.close();
    }
}
