package dev.capstan.room.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.capstan.room.spi.RoomTransport;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {

    @Property(tries = 200)
    void framesAreTheSameHoweverTheStreamIsCut(
            @ForAll @Size(max = 8) List<@IntRange(max = 70_000) Integer> lengths, @ForAll long seed)
            throws Exception {
        var random = new Random(seed);
        var stream = new ByteArrayOutputStream();
        var sent = new ArrayList<byte[]>();
        for (var length : lengths) {
            var frame = new byte[length];
            random.nextBytes(frame);
            if (random.nextBoolean()) {
                stream.writeBytes(length(FrameReader.KEEP_ALIVE));
            }
            stream.writeBytes(length(length));
            stream.writeBytes(frame);
            sent.add(frame);
        }

        var reader = new FrameReader(cut(stream.toByteArray(), random));

        for (var frame : sent) {
            assertThat(reader.next()).isEqualTo(frame);
        }
        assertThat(reader.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {RoomTransport.MAX_FRAME + 1, Integer.MAX_VALUE, -2, Integer.MIN_VALUE})
    @DisplayName("X2: a length that is too long is refused, and nothing is allocated for it")
    void tooLong(int length) {
        var reader = new FrameReader(cut(length(length), new Random(1)));

        var failure = new Failure(reader);

        assertThat(failure.reason)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(Integer.toUnsignedString(length));
        assertThat(failure.allocated).isLessThan(1 << 18);
    }

    @Test
    @DisplayName("X2: what a length promises is not allocated before it is there")
    void promisesCostNothing() {
        var stream = new ByteArrayOutputStream();
        stream.writeBytes(length(RoomTransport.MAX_FRAME));
        stream.writeBytes(new byte[100]);
        var reader = new FrameReader(cut(stream.toByteArray(), new Random(1)));

        var failure = new Failure(reader);

        assertThat(failure.reason).isInstanceOf(EOFException.class);
        assertThat(failure.allocated).isLessThan(1 << 18);
    }

    @Test
    void aLengthThatBreaksOffIsNoEnd() {
        var reader = new FrameReader(cut(new byte[] {0, 0}, new Random(1)));

        assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
    }

    /** A frame that did not come, and what it cost. */
    private static final class Failure {
        final Exception reason;
        final long allocated;

        Failure(FrameReader reader) {
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Exception thrown = null;
            var before = threads.getCurrentThreadAllocatedBytes();
            try {
                reader.next();
            } catch (IOException | InterruptedException e) {
                thrown = e;
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            reason = thrown;
        }
    }

    private static byte[] length(int length) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(length).array();
    }

    /** Gives some bytes at a time. */
    private static FrameReader.Source cut(byte[] stream, Random random) {
        var bytes = ByteBuffer.wrap(stream);
        return into -> {
            if (!into.hasRemaining()) {
                throw new IOException("No room was left for bytes");
            }
            var most = Math.min(into.remaining(), bytes.remaining());
            if (most == 0) {
                return -1;
            }
            var part = 1 + random.nextInt(most);
            into.put(bytes.slice().limit(part));
            bytes.position(bytes.position() + part);
            return part;
        };
    }
}
