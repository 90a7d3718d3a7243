package dev.capstan.content.file;

import java.nio.ByteBuffer;

/** How files of some media types begin. What is not listed here may begin in any way. */
final class MediaStart {
    /** Bytes that are enough to tell. */
    static final int LENGTH = 4;

    private static final int FLAC = 0x664C6143;
    private static final int ID3 = 0x494433;

    private MediaStart() {}

    /** Whether a file with these first bytes can be of a media type. */
    static boolean fits(String mediaType, ByteBuffer bytes) {
        return switch (mediaType) {
            case "audio/flac" -> bytes.remaining() >= LENGTH && first(bytes) == FLAC;
            case "audio/mpeg" ->
                    bytes.remaining() >= LENGTH
                            && (first(bytes) >>> 8 == ID3 || isFrame(first(bytes)));
            default -> true;
        };
    }

    private static int first(ByteBuffer bytes) {
        var value = 0;
        for (var i = 0; i < LENGTH; i++) {
            value = value << 8 | (bytes.get(bytes.position() + i) & 0xFF);
        }
        return value;
    }

    /** ISO/IEC 11172-3 §2.4.1.3: sync word, and no field that is reserved. */
    private static boolean isFrame(int header) {
        return header >>> 21 == 0x7FF
                && (header >>> 19 & 3) != 1
                && (header >>> 17 & 3) != 0
                && (header >>> 12 & 15) != 15
                && (header >>> 10 & 3) != 3;
    }
}
