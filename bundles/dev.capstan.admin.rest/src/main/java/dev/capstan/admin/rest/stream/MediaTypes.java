package dev.capstan.admin.rest.stream;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a file is, by its name and else by how it begins. Only types that nothing in a browser runs
 * are told: what came from anywhere is served under our own origin.
 */
public final class MediaTypes {

    /** What is not known. */
    static final String UNKNOWN = "application/octet-stream";

    /** How many of the first bytes tell. */
    static final int BYTES = 64;

    private static final String MP4 = "video/mp4";
    private static final String OGG = "audio/ogg";

    private static final Map<String, String> BY_EXTENSION =
            Map.ofEntries(
                    Map.entry("aac", "audio/aac"),
                    Map.entry("aiff", "audio/aiff"),
                    Map.entry("flac", "audio/flac"),
                    Map.entry("m4a", "audio/mp4"),
                    Map.entry("mp3", "audio/mpeg"),
                    Map.entry("oga", OGG),
                    Map.entry("ogg", OGG),
                    Map.entry("opus", OGG),
                    Map.entry("wav", "audio/wav"),
                    Map.entry("weba", "audio/webm"),
                    Map.entry("avi", "video/x-msvideo"),
                    Map.entry("m4v", MP4),
                    Map.entry("mkv", "video/x-matroska"),
                    Map.entry("mov", "video/quicktime"),
                    Map.entry("mp4", MP4),
                    Map.entry("mpg", "video/mpeg"),
                    Map.entry("ogv", "video/ogg"),
                    Map.entry("ts", "video/mp2t"),
                    Map.entry("webm", "video/webm"),
                    Map.entry("gif", "image/gif"),
                    Map.entry("jpg", "image/jpeg"),
                    Map.entry("jpeg", "image/jpeg"),
                    Map.entry("png", "image/png"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("txt", "text/plain"),
                    Map.entry("iso", UNKNOWN),
                    Map.entry("zip", "application/zip"));

    private static final List<Magic> BY_BEGINNING =
            List.of(
                    new Magic(0, "fLaC", "audio/flac"),
                    new Magic(0, "ID3", "audio/mpeg"),
                    new Magic(0, "\u00ff\u00fb", "audio/mpeg"),
                    new Magic(0, "\u00ff\u00f3", "audio/mpeg"),
                    new Magic(0, "\u00ff\u00f1", "audio/aac"),
                    new Magic(0, "OggS", OGG),
                    new Magic(8, "WAVE", "audio/wav"),
                    new Magic(8, "AIFF", "audio/aiff"),
                    new Magic(8, "M4A ", "audio/mp4"),
                    new Magic(8, "qt  ", "video/quicktime"),
                    new Magic(4, "ftyp", MP4),
                    new Magic(0, "\u001aE\u00df\u00a3", "video/x-matroska"),
                    new Magic(8, "AVI ", "video/x-msvideo"),
                    new Magic(0, "\u0089PNG\r\n", "image/png"),
                    new Magic(0, "\u00ff\u00d8\u00ff", "image/jpeg"),
                    new Magic(0, "GIF8", "image/gif"),
                    new Magic(8, "WEBP", "image/webp"),
                    new Magic(0, "PK\u0003\u0004", "application/zip"));

    private record Magic(int at, String bytes, String type) {

        boolean fits(String beginning) {
            return beginning.startsWith(bytes, at);
        }
    }

    private MediaTypes() {}

    /** By the extension, where it is a known one. */
    public static Optional<String> ofName(String name) {
        var extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(BY_EXTENSION.get(extension));
    }

    /** By the first bytes. */
    static String ofBeginning(byte[] bytes, int count) {
        var text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        for (var magic : BY_BEGINNING) {
            if (magic.fits(text)) {
                return magic.type;
            }
        }
        return UNKNOWN;
    }
}
