package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Body;
import java.nio.ByteBuffer;

/** Bytes that are no recording but begin, and are cut into frames, as one would be. */
public final class SyntheticAudio {
    private static final int STREAMINFO = 34;
    private static final int SAMPLE_RATE = 44_100;

    private SyntheticAudio() {}

    /**
     * A FLAC stream: marker and STREAMINFO as RFC 9639 §8.2 has them, then noise.
     *
     * @param bytes length in all
     * @param seed of the noise
     * @return the bytes
     */
    public static Body flac(int bytes, long seed) {
        var head = ByteBuffer.allocate(8 + STREAMINFO);
        head.put(new byte[] {'f', 'L', 'a', 'C'});
        head.putInt(0x80 << 24 | STREAMINFO);
        head.putShort((short) 4096).putShort((short) 4096);
        head.put(new byte[6]);
        // 20 bits of sample rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
        head.putLong((long) SAMPLE_RATE << 44 | 1L << 41 | 15L << 36 | SAMPLE_RATE * 180L);
        var all = noise(bytes, seed);
        System.arraycopy(head.array(), 0, all, 0, Math.min(bytes, head.capacity()));
        return Body.of(all);
    }

    /**
     * MPEG-1 Layer III frames of 44.1 kHz without padding, each with its header, filled with noise.
     *
     * @param bytes length in all; the last frame may be cut
     * @param kilobits a second, 128 or 320
     * @param seed of the noise
     * @return the bytes
     */
    public static Body mp3(int bytes, int kilobits, long seed) {
        var header = kilobits == 320 ? 0xfffb_e064 : 0xfffb_9064;
        var frame = 144 * kilobits * 1000 / SAMPLE_RATE;
        var all = noise(bytes, seed);
        for (var at = 0; at + Integer.BYTES <= bytes; at += frame) {
            ByteBuffer.wrap(all).putInt(at, header);
        }
        return Body.of(all);
    }

    /** Without a byte that could begin a frame. */
    private static byte[] noise(int bytes, long seed) {
        var noise = Body.random(bytes, seed).bytes();
        for (var i = 0; i < bytes; i++) {
            noise[i] &= 0x7f;
        }
        return noise;
    }
}
