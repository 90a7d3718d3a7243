package dev.capstan.transfer.http.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;

/** Policy 5: chunks, however they and the reads fall. */
class ChunksPropertyTest {

    @Property(tries = 300)
    void whatWasPutInComesOut(
            @ForAll @Size(max = 20) List<@StringLength(min = 1, max = 300) String> parts,
            @ForAll @IntRange(min = 1, max = 50) int step,
            @ForAll @IntRange(min = 16, max = 64) int buffer)
            throws IOException {
        var wire = new StringBuilder();
        var body = new StringBuilder();
        for (var part : parts) {
            var latin = new String(part.getBytes(ISO_8859_1), ISO_8859_1);
            body.append(latin);
            wire.append("%x;x=%d\r\n%s\r\n".formatted(latin.length(), step, latin));
        }
        wire.append("0\r\nA: b\r\n\r\n");

        assertThat(read(wire.toString(), step, buffer)).isEqualTo(body.toString());
        for (var cut = 0; cut < wire.length(); cut += 1 + wire.length() / 20) {
            var part = wire.substring(0, cut);
            assertThat(read(part, step, buffer)).isNull();
        }
    }

    @Property
    void rubbishIsRefusedOrReadButNeverBreaksOut(@ForAll @CharRange(from = 0, to = 255) String text)
            throws IOException {
        try {
            read(text, 7, 16);
        } catch (BadMessage e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /** The body, or null if it was cut off. */
    private static String read(String wire, int step, int size) throws IOException {
        var in = new Trickle(wire.getBytes(ISO_8859_1), step);
        var buffer = new SessionInputBufferImpl(size);
        var chunks = new Chunks(new Lines(buffer, in));
        var body = new StringBuilder();
        var block = new byte[64];
        try {
            for (var left = chunks.left(); left > 0; left = chunks.left()) {
                var count = buffer.read(block, 0, (int) Math.min(left, block.length), in);
                if (count < 0) {
                    return null;
                }
                chunks.took(count);
                body.append(new String(block, 0, count, ISO_8859_1));
            }
            return body.toString();
        } catch (ConnectionClosedException e) {
            return null;
        }
    }

    /** Gives few bytes at a time, as a network may. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream bytes;
        private final int step;

        Trickle(byte[] bytes, int step) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.step = step;
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int from, int count) {
            return bytes.read(target, from, Math.min(count, step));
        }
    }
}
