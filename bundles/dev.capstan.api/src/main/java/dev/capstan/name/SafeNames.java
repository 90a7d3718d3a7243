package dev.capstan.name;

import java.nio.file.Path;

/**
 * Makes foreign names safe, and resolves them inside a root (S3). Pure functions; safe for any
 * thread.
 *
 * <p>They are used for names from answers, URLs, categories, batches, rooms, archives and plug-ins.
 * They touch no file system: symbolic links are the business of whoever opens the path.
 */
public final class SafeNames {
    /** Bytes of UTF-8 a name has at most. */
    public static final int MAX_BYTES = 255;

    private SafeNames() {}

    /**
     * S3: makes one file name of a foreign text. Only what follows the last separator counts. The
     * result is NFC, has at most {@value #MAX_BYTES} bytes cut on a character boundary with its
     * extension kept, and holds no control or format character (bidi overrides among them), no
     * separator, no character that Windows forbids, no leading or trailing space, no trailing dot,
     * no device name and no name of our own staging files.
     *
     * @param foreign any text
     * @param fallback a safe name for when nothing is left
     * @return a safe name, never empty, {@code .} or {@code ..}
     */
    public static String fileName(String foreign, String fallback) {
        throw new UnsupportedOperationException();
    }

    /**
     * S3: resolves a foreign relative path inside a root, each segment made safe.
     *
     * @param root an absolute folder
     * @param foreign segments separated by {@code /} or {@code \}
     * @return a path below the root
     * @throws IllegalArgumentException with a sentence if the path is absolute, names a drive, or
     *     leaves the root
     */
    public static Path resolve(Path root, String foreign) {
        throw new UnsupportedOperationException();
    }

    /**
     * The n-th name beside a taken one, aria2's way: {@code name.1.ext}.
     *
     * @param name a safe name
     * @param n from 1
     * @return a safe name
     */
    public static String numbered(String name, int n) {
        throw new UnsupportedOperationException();
    }

    /**
     * Tells whether two names are one on some file system: equal after NFC and case folding.
     *
     * @param one a name
     * @param other a name
     * @return whether they may collide
     */
    public static boolean mayCollide(String one, String other) {
        throw new UnsupportedOperationException();
    }
}
