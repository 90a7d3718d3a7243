package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Body;
import java.nio.ByteBuffer;

/** Bytes that are no recording but are cut into frames as one would be. */
final class SyntheticAudio {
    private static final int HEADER = 0xfffb_9064;
    private static final int FRAME = 144 * 128_000 / 44_100;

    private SyntheticAudio() {}

    /**
     * MPEG-1 Layer III frames of 128 kbit/s and 44.1 kHz without padding, each with its header,
     * filled with noise that has no byte that could begin a frame.
     *
     * @param bytes length in all; the last frame may be cut
     * @param seed of the noise
     */
    static Body mp3(int bytes, long seed) {
        var all = Body.random(bytes, seed).bytes();
        for (var i = 0; i < bytes; i++) {
            all[i] &= 0x7f;
        }
        for (var at = 0; at + Integer.BYTES <= bytes; at += FRAME) {
            ByteBuffer.wrap(all).putInt(at, HEADER);
        }
        return Body.of(all);
    }
}
