package dev.capstan.record.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What bytes are by what they begin with (E1); names and headers are not asked, since they are what
 * somebody claims.
 */
final class MediaTypes {
    /** As many bytes as are looked at. */
    static final int LOOKED_AT = 4_096;

    private static final String MATROSKA = "\u001aE\u00df\u00a3";
    private static final int TRANSPORT_PACKET = 188;

    /** Text at a place that marks a type. */
    private record Mark(int at, String text, String type) {
        boolean is(String head) {
            return head.startsWith(text, at);
        }
    }

    private static final List<Mark> MARKS =
            List.of(
                    new Mark(0, "ID3", "audio/mpeg"),
                    new Mark(0, "fLaC", "audio/flac"),
                    new Mark(8, "WAVE", "audio/wav"),
                    new Mark(8, "AVI ", "video/x-msvideo"),
                    new Mark(8, "AIFF", "audio/aiff"),
                    new Mark(8, "AIFC", "audio/aiff"),
                    new Mark(0, "MThd", "audio/midi"),
                    new Mark(0, "wvpk", "audio/x-wavpack"),
                    new Mark(0, "MAC ", "audio/x-ape"),
                    new Mark(0, "DSD ", "audio/x-dsf"),
                    new Mark(0, ".snd", "audio/basic"),
                    new Mark(0, "caff", "audio/x-caf"),
                    new Mark(0, "#!AMR", "audio/amr"),
                    new Mark(0, "FLV\u0001", "video/x-flv"),
                    new Mark(0, "0&\u00b2u\u008ef\u00cf\u0011", "video/x-ms-asf"),
                    new Mark(0, "\u0000\u0000\u0001\u00ba", "video/mpeg"));

    private MediaTypes() {}

    /** The media type of bytes, or null if they begin like no media known here. */
    static @Nullable String of(byte[] head) {
        var text = new String(head, ISO_8859_1);
        for (var mark : MARKS) {
            if (mark.is(text) && (mark.at() == 0 || isContainer(text))) {
                return mark.type();
            }
        }
        if (text.startsWith("OggS")) {
            return text.contains("theora") ? "video/ogg" : "audio/ogg";
        }
        if (text.startsWith("ftyp", 4)) {
            return isoMedia(text);
        }
        if (text.startsWith(MATROSKA)) {
            return text.contains("webm") ? "video/webm" : "video/x-matroska";
        }
        if (isTransportStream(head)) {
            return "video/mp2t";
        }
        return frames(head);
    }

    /** Whether the bytes are a page for a browser. */
    static boolean isPage(byte[] head) {
        var text = new String(head, ISO_8859_1).stripLeading().toLowerCase(Locale.ROOT);
        return text.startsWith("<!doctype html")
                || text.startsWith("<html")
                || (text.startsWith("<") && text.contains("<html"));
    }

    /** Whether a type is one of a list; {@code audio/*} stands for all of its kind. */
    static boolean isOneOf(String type, String... allowed) {
        return Arrays.stream(allowed)
                .map(String::strip)
                .anyMatch(
                        one ->
                                one.endsWith("/*")
                                        ? type.startsWith(one.substring(0, one.length() - 1))
                                        : one.equals(type));
    }

    private static boolean isContainer(String text) {
        return text.startsWith("RIFF") || text.startsWith("RF64") || text.startsWith("FORM");
    }

    private static @Nullable String isoMedia(String text) {
        if (text.length() < 12) {
            return null;
        }
        return switch (text.substring(8, 11)) {
            case "M4A", "M4B", "M4P" -> "audio/mp4";
            case "qt " -> "video/quicktime";
            case "avi", "hei", "mif" -> null; // pictures in the same container
            default -> "video/mp4";
        };
    }

    private static boolean isTransportStream(byte[] head) {
        return head.length > 2 * TRANSPORT_PACKET
                && head[0] == 0x47
                && head[TRANSPORT_PACKET] == 0x47
                && head[2 * TRANSPORT_PACKET] == 0x47;
    }

    /** MPEG audio without a tag: one frame, and another right behind it. */
    private static @Nullable String frames(byte[] head) {
        var adts = adtsLength(head, 0);
        if (adts > 0 && adtsLength(head, adts) > 0) {
            return "audio/aac";
        }
        var layer = layer3Length(head, 0);
        return layer > 0 && layer3Length(head, layer) > 0 ? "audio/mpeg" : null;
    }

    private static int adtsLength(byte[] head, int at) {
        if (at + 7 > head.length || (head[at] & 0xff) != 0xff || (head[at + 1] & 0xf6) != 0xf0) {
            return 0;
        }
        var length =
                (head[at + 3] & 3) << 11 | (head[at + 4] & 0xff) << 3 | (head[at + 5] & 0xe0) >> 5;
        return length > 7 ? length : 0;
    }

    private static final int[] KBITS_1 = {
        0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0
    };
    private static final int[] KBITS_2 = {
        0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0
    };
    private static final int[] RATES = {44_100, 48_000, 32_000, 0};

    private static int layer3Length(byte[] head, int at) {
        if (at + 4 > head.length || (head[at] & 0xff) != 0xff || (head[at + 1] & 0xe6) != 0xe2) {
            return 0;
        }
        var version = (head[at + 1] & 0x18) >> 3; // 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5
        var rate = RATES[(head[at + 2] & 0x0c) >> 2] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
        var kbits = (version == 3 ? KBITS_1 : KBITS_2)[(head[at + 2] & 0xf0) >> 4];
        if (version == 1 || rate == 0 || kbits == 0) {
            return 0;
        }
        return (version == 3 ? 144 : 72) * kbits * 1_000 / rate + ((head[at + 2] & 2) >> 1);
    }
}
