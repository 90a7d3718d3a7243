package dev.capstan.itest.web;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A tone as a WAV file, which every browser plays. */
final class Tone {
    private static final int RATE = 22_050;
    private static final int HEADER = 44;

    private Tone() {}

    static byte[] wav(int seconds) {
        var samples = RATE * seconds;
        var file = ByteBuffer.allocate(HEADER + samples * 2).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(HEADER - 8 + samples * 2);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(RATE * 2);
        file.putShort((short) 2).putShort((short) 16);
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(samples * 2);
        for (var i = 0; i < samples; i++) {
            file.putShort((short) (8000 * Math.sin(2 * Math.PI * 440 * i / RATE)));
        }
        return file.array();
    }
}
