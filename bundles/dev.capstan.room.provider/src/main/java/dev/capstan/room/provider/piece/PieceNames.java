package dev.capstan.room.provider.piece;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.name.SafeNames;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.document.Sha256;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names that things of a piece get on disk (R2, S3). Pure functions. */
final class PieceNames {
    private static final int MOST_DEPTH = 64;
    private static final int MOST_LENGTH = 1_024;
    private static final int MARK = 16;
    private static final char MARK_SIGN = '~';
    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");

    private PieceNames() {}

    /**
     * The name of a piece's folder. It follows from the id alone, and no two ids have names that
     * are one where case does not count: an id that is not its own name there, in lower case, gets
     * a mark that no such name has.
     */
    static String folder(String id) {
        var name = SafeNames.fileName(id, "piece");
        var isPlain =
                name.equals(id)
                        && id.equals(id.toLowerCase(Locale.ROOT))
                        && id.indexOf(MARK_SIGN) < 0
                        && id.chars().allMatch(c -> c < 0x80);
        if (isPlain) {
            return id;
        }
        var marked = name + MARK_SIGN + Sha256.hex(id).substring(0, MARK);
        return marked.getBytes(UTF_8).length <= SafeNames.MAX_BYTES
                ? marked
                : "piece" + MARK_SIGN + Sha256.hex(id).substring(0, MARK);
    }

    /**
     * The name of a piece that is a single file: the engine's name for it, else that in the link it
     * came by, else that in its first link.
     *
     * @param link it came by, or null if it came by none
     */
    static String file(Piece piece, @Nullable String link) {
        var path = piece.enginePath();
        if (path == null && !piece.resolvables().isEmpty()) {
            path = shown(link == null ? piece.resolvables().get(0) : link);
            var scheme = path.indexOf("://");
            path = scheme >= 0 ? afterHost(path.substring(scheme + 3)) : path;
        }
        return SafeNames.fileName(path == null ? "" : path, piece.id());
    }

    /** Whether a piece that is a single file may have that name. */
    static boolean isFile(Piece piece, String name) {
        return name.equals(file(piece, null))
                || piece.resolvables().stream().anyMatch(link -> name.equals(file(piece, link)));
    }

    /**
     * A foreign path inside a root, where each segment is kept as it is (NFC).
     *
     * @throws IllegalArgumentException with a sentence where it leads out, or a segment could not
     *     be kept on every system
     */
    static Path exact(Path root, String foreign) {
        if (foreign.length() > MOST_LENGTH) {
            throw new IllegalArgumentException("A path of that length is not allowed here");
        }
        SafeNames.resolve(root, foreign);
        var path = root;
        var depth = 0;
        for (var segment : SEPARATOR.split(foreign)) {
            if (segment.isEmpty() || segment.equals(".")) {
                continue;
            }
            var name = Normalizer.normalize(segment, Normalizer.Form.NFC);
            if (!SafeNames.chosenName(segment, "").equals(name)) {
                throw new IllegalArgumentException("Not every system can keep that name");
            }
            if (++depth > MOST_DEPTH) {
                throw new IllegalArgumentException(
                        "More than " + MOST_DEPTH + " folders in each other are not allowed here");
            }
            path = path.resolve(name);
        }
        return path;
    }

    /** A link as people may see it: without user information, query and fragment. */
    static String shown(String link) {
        var end = link.length();
        for (var sign : new char[] {'?', '#'}) {
            var at = link.indexOf(sign);
            end = at >= 0 ? Math.min(end, at) : end;
        }
        var bare = link.substring(0, end);
        var scheme = bare.indexOf("://");
        if (scheme < 0) {
            return bare;
        }
        var path = bare.indexOf('/', scheme + 3);
        var user = bare.lastIndexOf('@', path < 0 ? bare.length() : path);
        return user < 0 ? bare : bare.substring(0, scheme + 3) + bare.substring(user + 1);
    }

    private static String afterHost(String authorityAndPath) {
        var path = authorityAndPath.indexOf('/');
        return path < 0 ? "" : authorityAndPath.substring(path);
    }
}
