package dev.capstan.name;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Makes foreign names safe, and resolves them inside a root (S3). Pure functions; safe for any
 * thread.
 *
 * <p>They are used for names from answers, URLs, categories, batches, rooms, archives and plug-ins.
 * They touch no file system: symbolic links are the business of whoever opens the path.
 *
 * <p>Safe means safe on every file system the file may ever be copied to, and for every program
 * that may decode the name once more: percent-encoded separators and dots, encoded twice or as
 * overlong UTF-8 too, count as what they stand for.
 */
public final class SafeNames {
    /** Bytes of UTF-8 a name has at most. */
    public static final int MAX_BYTES = 255;

    /** What the names of our own unfinished files in a user's folder begin with. */
    public static final String STAGING_PREFIX = ".capstan-";

    private static final String NAMELESS = "unnamed";
    private static final int GONE = -1;

    /**
     * A slash, a backslash, a dot or a control character, percent-encoded once or several times, in
     * the shortest or an overlong form, or in the form of ECMAScript's {@code escape}.
     */
    private static final Pattern ENCODED =
            Pattern.compile(
                    "%(?:25)*(?:"
                            + "(2f|c0%(?:25)*af|e0%(?:25)*80%(?:25)*af|u002f"
                            + "|5c|c1%(?:25)*9c|e0%(?:25)*81%(?:25)*9c|u005c)"
                            + "|(2e|c0%(?:25)*ae|e0%(?:25)*80%(?:25)*ae|u002e)"
                            + "|[01][0-9a-f]|7f|c0%(?:25)*80|u00[01][0-9a-f]"
                            + ")",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);
    private static final Pattern FORBIDDEN = Pattern.compile("[<>:\"/\\\\|?*]");

    /** Windows ignores spaces before the dot, and everything from the first dot on. */
    private static final Pattern DEVICE =
            Pattern.compile(
                    "(?:con|prn|aux|nul|clock\\$|conin\\$|conout\\$|(?:com|lpt)[0-9¹²³])\\s*(?:\\..*)?",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern EXTENSION = Pattern.compile("(?:\\.tar)?\\.[^. ]{1,16}$");
    private static final Pattern GRAPHEME = Pattern.compile("\\X");

    private SafeNames() {}

    /**
     * S3: makes one file name of a foreign text. Only what follows the last separator counts. The
     * result is NFC, has at most {@value #MAX_BYTES} bytes cut on a character boundary with its
     * extension kept, and holds no control or format character (bidi overrides among them), no
     * separator, no character that Windows forbids, no leading or trailing space, no leading or
     * trailing dot (so that nobody plants a hidden file, nor takes a name of our own staging
     * files), and no device name.
     *
     * @param foreign any text
     * @param fallback a name for when nothing is left
     * @return a safe name, never empty, {@code .} or {@code ..}
     */
    public static String fileName(String foreign, String fallback) {
        return named(foreign, fallback, false);
    }

    /**
     * S3: the same for a name that a user chose, which may begin with a dot. It is no name of our
     * own staging files either.
     *
     * @param chosen any text
     * @param fallback a name for when nothing is left
     * @return a safe name, never empty, {@code .} or {@code ..}
     */
    public static String chosenName(String chosen, String fallback) {
        return named(chosen, fallback, true);
    }

    /**
     * S3: resolves a foreign relative path inside a root, each segment made safe as by {@link
     * #fileName}. Empty segments and single dots are passed over.
     *
     * @param root an absolute folder
     * @param foreign segments separated by {@code /} or {@code \}
     * @return a path below the root, never the root itself
     * @throws IllegalArgumentException with a sentence if the path is empty, is absolute, names a
     *     drive, or goes up
     */
    public static Path resolve(Path root, String foreign) {
        var path = decoded(visible(foreign)).strip();
        if (!path.isEmpty() && SEPARATOR.matcher(path.substring(0, 1)).matches()) {
            throw new IllegalArgumentException("An absolute path is not allowed here");
        }
        if (DRIVE.matcher(path).matches()) {
            throw new IllegalArgumentException("A path with a drive is not allowed here");
        }
        var resolved = root;
        for (var segment : SEPARATOR.split(path)) {
            var dots = segment.replace(" ", "");
            if (dots.matches("\\.{2,}")) {
                throw new IllegalArgumentException("A path that goes up is not allowed here");
            }
            if (!dots.isEmpty() && !dots.equals(".")) {
                var name = safe(segment, false);
                resolved = resolved.resolve(name.isEmpty() ? NAMELESS : name);
            }
        }
        if (resolved.equals(root)) {
            throw new IllegalArgumentException("A path must not be empty");
        }
        return resolved;
    }

    /**
     * The n-th name beside a taken one, aria2's way: {@code name.1.ext}, and {@code name.1.tar.gz}.
     *
     * @param name a safe name
     * @param n from 1
     * @return a safe name
     */
    public static String numbered(String name, int n) {
        var stem = name.substring(0, extensionStart(name));
        return withinLimit(stem, "." + n + name.substring(stem.length()));
    }

    /**
     * Tells whether two names are one on some file system: equal after NFC and case folding.
     *
     * @param one a name
     * @param other a name
     * @return whether they may collide
     */
    public static boolean mayCollide(String one, String other) {
        return folded(one).equals(folded(other));
    }

    /**
     * What is equal for exactly those names that are one on some file system, as {@link
     * #mayCollide} tells it; for finding them among many.
     *
     * @param name a name
     * @return a key, not to be shown nor used as a name
     */
    public static String collisionKey(String name) {
        return folded(name);
    }

    private static String named(String foreign, String fallback, boolean mayBeHidden) {
        var name = lastSegment(foreign, mayBeHidden);
        if (name.isEmpty()) {
            name = lastSegment(fallback, mayBeHidden);
        }
        return name.isEmpty() ? NAMELESS : name;
    }

    private static String lastSegment(String foreign, boolean mayBeHidden) {
        var text = decoded(visible(foreign));
        var start = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1;
        return safe(text.substring(start), mayBeHidden);
    }

    /** Makes one decoded segment safe; empty if nothing is left of it. */
    private static String safe(String segment, boolean mayBeHidden) {
        var name = trimmed(FORBIDDEN.matcher(segment).replaceAll("_"), mayBeHidden);
        name = trimmed(cut(name), mayBeHidden);
        // Last, since cutting and trimming can make a device's name of a longer one.
        return DEVICE.matcher(name).matches() ? trimmed(cut("_" + name), mayBeHidden) : name;
    }

    /** Without what cannot be seen or stored; line breaks and tabs become spaces. NFC. */
    private static String visible(String text) {
        var kept = new StringBuilder(text.length());
        text.codePoints()
                .map(SafeNames::shown)
                .filter(c -> c != GONE)
                .forEach(kept::appendCodePoint);
        return Normalizer.normalize(kept, Normalizer.Form.NFC);
    }

    private static int shown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    Character.isWhitespace(c) ? ' ' : GONE;
            case Character.FORMAT -> GONE;
            case Character.SURROGATE -> '_';
            default -> isNoncharacter(c) ? '_' : c;
        };
    }

    private static boolean isNoncharacter(int c) {
        return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    }

    /** No replacement can be part of another encoded character, so once is enough. */
    private static String decoded(String text) {
        return ENCODED.matcher(text)
                .replaceAll(
                        found -> {
                            if (found.group(1) != null) {
                                return "/";
                            }
                            return found.group(2) != null ? "." : "_";
                        });
    }

    private static String trimmed(String name, boolean mayBeHidden) {
        var start = 0;
        var end = name.length();
        while (start < end && (isSpace(name.charAt(start)) || name.charAt(start) == '.')) {
            start++;
        }
        while (start < end && (isSpace(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
            end--;
        }
        var bare = name.substring(start, end);
        var hidden = mayBeHidden && name.strip().startsWith(".") && !bare.isEmpty();
        return hidden && !isStaging("." + bare) ? "." + bare : bare;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isStaging(String name) {
        return folded(name).startsWith(folded(STAGING_PREFIX));
    }

    private static String cut(String name) {
        var extension = extensionStart(name);
        return withinLimit(name.substring(0, extension), name.substring(extension));
    }

    private static int extensionStart(String name) {
        var matcher = EXTENSION.matcher(name);
        return matcher.find() && matcher.start() > 0 ? matcher.start() : name.length();
    }

    /** Cuts the stem between graphemes, so that no letter loses its accent. */
    private static String withinLimit(String stem, String end) {
        var limit = MAX_BYTES - bytes(end);
        if (bytes(stem) <= limit) {
            return stem + end;
        }
        var graphemes = GRAPHEME.matcher(stem);
        var length = 0;
        for (var used = 0; graphemes.find(); length = graphemes.end()) {
            used += bytes(graphemes.group());
            if (used > limit) {
                break;
            }
        }
        return stem.substring(0, length > 0 ? length : codePointsWithin(stem, limit)) + end;
    }

    private static int codePointsWithin(String text, int limit) {
        var length = 0;
        for (var used = 0; length < text.length(); ) {
            var c = text.codePointAt(length);
            used += bytes(Character.toString(c));
            if (used > limit) {
                break;
            }
            length += Character.charCount(c);
        }
        return length;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Up, down and up again: what only one direction tells apart is one letter. */
    private static String folded(String name) {
        var folded = Normalizer.normalize(name, Normalizer.Form.NFC).toUpperCase(Locale.ROOT);
        folded = folded.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }
}
