package dev.capstan.transfer.http;

import dev.capstan.content.ContentReader;
import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An ingest that is as strict as the contract: it fails when lanes overlap, when other bytes are
 * written over some that are there, and when anybody writes after the filler was closed. A restart
 * drops the old part. Its lanes lend memory, and spoil it as soon as they may.
 */
public final class TestIngest implements Ingest {
    private static final int LENT = 256 << 10;
    private static final byte[] SPOILT = new byte[LENT];

    static {
        Arrays.fill(SPOILT, (byte) 0xFF);
    }

    private final FileChannel file;
    private final List<Identity> restarts = new ArrayList<>();
    private Identity identity = Identity.UNKNOWN;
    private RangeSet present = RangeSet.EMPTY;
    private RangeSet demands = RangeSet.EMPTY;
    private RangeSet lanes = RangeSet.EMPTY;
    private long horizon = Long.MAX_VALUE;
    private boolean filling;
    private boolean identified;
    private int fillers;
    private long written;
    private long failAfter = Long.MAX_VALUE;
    private Runnable listener = () -> {};
    private String violation;

    public TestIngest(Path folder) {
        try {
            file =
                    FileChannel.open(
                            Files.createTempFile(folder, "ingest", ""),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts bytes there as an earlier run would have. */
    public synchronized TestIngest with(Identity known, long position, byte[] bytes)
            throws IOException {
        identity = known;
        file.write(ByteBuffer.wrap(bytes), position);
        present = present.plus(position, position + bytes.length);
        return this;
    }

    /** Claims bytes that nobody will look at. */
    synchronized TestIngest pretend(Identity known, long from, long to) {
        identity = known;
        present = present.plus(from, to);
        return this;
    }

    /** Lets writing fail as on a full disk. */
    public synchronized TestIngest failAfter(long bytes) {
        failAfter = bytes;
        return this;
    }

    /** Moves the reader. */
    public void horizon(long position) {
        Runnable told;
        synchronized (this) {
            horizon = position;
            told = listener;
        }
        told.run();
    }

    /** All bytes up to the length. */
    public synchronized byte[] bytes() throws IOException {
        var end = identity.length() < 0 ? present.endOfRunAt(0) : identity.length();
        return bytes(0, end);
    }

    /** Some bytes. */
    synchronized byte[] bytes(long from, long to) throws IOException {
        var some = ByteBuffer.allocate((int) (to - from));
        while (some.hasRemaining() && file.read(some, from + some.position()) >= 0) {
            // More to come.
        }
        return some.array();
    }

    public synchronized List<Identity> restarts() {
        return List.copyOf(restarts);
    }

    /** What the engine did against the contract, or null. */
    public synchronized String violation() {
        return violation;
    }

    public synchronized boolean isFilling() {
        return filling;
    }

    public synchronized long written() {
        return written;
    }

    /** Waits until so many bytes are there. */
    public synchronized boolean awaitDownloaded(long bytes, Duration most)
            throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        while (present.size() < bytes) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    @Override
    public SourceKey source() {
        return new SourceKey("test", "x");
    }

    @Override
    public synchronized Identity identity() {
        return identity;
    }

    @Override
    public synchronized RangeSet present() {
        return present;
    }

    @Override
    public synchronized long downloaded() {
        return present.size();
    }

    @Override
    public synchronized int read(long position, ByteBuffer target) throws DownloadException {
        var there = (int) Math.min(target.remaining(), present.endOfRunAt(position) - position);
        if (there == 0) {
            return 0;
        }
        try {
            return file.read(target.slice(target.position(), there), position) < 0
                    ? 0
                    : advance(target, there);
        } catch (IOException e) {
            throw new DownloadException(ErrorClass.IO, "read", e);
        }
    }

    private static int advance(ByteBuffer target, int count) {
        target.position(target.position() + count);
        return count;
    }

    @Override
    public synchronized Await await(Range range, Duration most) throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        while (!present.contains(range.from(), range.to())) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return Await.TIMEOUT;
            }
            wait(left);
        }
        return Await.PRESENT;
    }

    @Override
    public ContentReader open() {
        throw new UnsupportedOperationException("Nobody reads here");
    }

    @Override
    public Readers readers() {
        return new Readers(0, 0);
    }

    @Override
    public synchronized RangeSet demands() {
        return demands;
    }

    @Override
    public void demand(Range range) {
        Runnable told;
        synchronized (this) {
            demands = demands.plus(range.from(), range.to());
            told = listener;
        }
        told.run();
    }

    @Override
    public synchronized Optional<Filler> fill() {
        if (filling) {
            return Optional.empty();
        }
        filling = true;
        fillers++;
        return Optional.of(new TestFiller(fillers));
    }

    @Override
    public void fail(DownloadException error) {}

    @Override
    public void discard() {}

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void violated(String what) {
        violation = violation == null ? what : violation;
    }

    private final class TestFiller implements Filler {
        private final int number;

        TestFiller(int number) {
            this.number = number;
        }

        private void check() {
            if (!filling || number != fillers) {
                violated("used after it was closed");
            }
        }

        @Override
        public void identify(Identity seen) {
            synchronized (TestIngest.this) {
                check();
                var known = identity;
                if (known.length() >= 0 && known.length() != seen.length()) {
                    violated("contradicts the known length");
                }
                identity = seen;
                identified = true;
            }
        }

        @Override
        public void restart(Identity seen) {
            synchronized (TestIngest.this) {
                check();
                if (!lanes.isEmpty()) {
                    violated("restarted under open lanes");
                }
                restarts.add(seen);
                identity = seen;
                present = RangeSet.EMPTY;
            }
        }

        @Override
        public Lane lane(long position) {
            synchronized (TestIngest.this) {
                check();
            }
            return new TestLane(position);
        }

        @Override
        public void forget(Range range) {
            synchronized (TestIngest.this) {
                present = present.minus(range.from(), range.to());
            }
        }

        @Override
        public void checkpoint() {}

        @Override
        public RangeSet demands() {
            synchronized (TestIngest.this) {
                for (var range : present.ranges()) {
                    demands = demands.minus(range.from(), range.to());
                }
                return demands;
            }
        }

        @Override
        public RangeSet upcoming() {
            return RangeSet.EMPTY;
        }

        @Override
        public long horizon() {
            synchronized (TestIngest.this) {
                return horizon;
            }
        }

        @Override
        public void onDemand(Runnable told) {
            synchronized (TestIngest.this) {
                listener = told;
            }
        }

        @Override
        public void close() {
            synchronized (TestIngest.this) {
                check();
                if (!lanes.isEmpty()) {
                    violated("closed with open lanes");
                }
                filling = false;
                listener = () -> {};
            }
        }

        private final class TestLane implements Lane {
            private final long from;
            private long position;
            private ByteBuffer block;

            TestLane(long position) {
                this.from = position;
                this.position = position;
            }

            @Override
            public void write(ByteBuffer bytes) throws DownloadException {
                synchronized (TestIngest.this) {
                    check();
                    var end = position + bytes.remaining();
                    if (!lanes.missing(position, end).equals(RangeSet.of(position, end))) {
                        violated("lanes overlap");
                    }
                    if (!present.missing(position, end).equals(RangeSet.of(position, end))) {
                        violated("bytes are written twice");
                    }
                    if (!identified && identity.equals(Identity.UNKNOWN)) {
                        violated("bytes before the identity");
                    }
                    try {
                        while (bytes.hasRemaining()) {
                            if (written + bytes.remaining() > failAfter) {
                                throw new DownloadException(ErrorClass.DISK_FULL, "Disk is full");
                            }
                            var count = file.write(bytes, position);
                            present = present.plus(position, position + count);
                            lanes = lanes.plus(position, position + count);
                            position += count;
                            written += count;
                        }
                    } catch (IOException e) {
                        throw new DownloadException(ErrorClass.IO, "write", e);
                    }
                    TestIngest.this.notifyAll();
                }
            }

            /** What was lent before is overwritten, as another lane would. */
            @Override
            public ByteBuffer buffer(int most) {
                if (block == null) {
                    block = ByteBuffer.allocateDirect(LENT);
                } else {
                    spoil();
                }
                return block.slice(0, Math.min(most, LENT));
            }

            private void spoil() {
                block.put(0, SPOILT);
            }

            @Override
            public long position() {
                return position;
            }

            @Override
            public void close() {
                if (block != null) {
                    spoil();
                }
                synchronized (TestIngest.this) {
                    lanes = lanes.minus(from, position);
                }
            }
        }
    }
}
