package dev.capstan.content.file;

import dev.capstan.content.SourceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Where things lie.
 *
 * <pre>
 * content/aa/bb/HEX           an item, HEX its SHA-256 that begins with aabb; read-only
 * content/index-N.log         the index
 * content/incoming/           plain bytes of a commit that runs
 * content/quarantine/         damaged items
 * content/lock                held by the process that uses the folder
 * staging/KEY/N.part          wire bytes of one source, KEY the SHA-256 of its key
 * staging/KEY/N.ranges        the journal of N.part; of two versions the higher is the newer
 * </pre>
 *
 * @param content absolute
 * @param staging absolute; on the same volume if it can be, else committing copies
 */
record Layout(Path content, Path staging) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /** Makes the folders that are missing. */
    void make() throws IOException {
        Disk.makeFolder(content);
        Disk.makeFolder(staging);
        Disk.makeFolder(incoming());
        Disk.makeFolder(quarantine());
    }

    Path incoming() {
        return content.resolve("incoming");
    }

    Path quarantine() {
        return content.resolve("quarantine");
    }

    /** An item's file. */
    Path item(String hex) {
        return content.resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4)).resolve(hex);
    }

    /** A source's folder in staging. */
    Path staged(String key) {
        return staging.resolve(key);
    }

    /** What a source is called in staging. */
    static String key(SourceKey source) {
        var digest = Digests.start("sha-256");
        digest.update(source.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    static boolean isHex(String name) {
        return HEX.matcher(name).matches();
    }
}
