package dev.capstan.transfer.http.wire;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names and passwords for hosts out of the file that other programs use too ({@code .netrc}). It is
 * read anew when it has changed. A file that others than its owner can read or write is not used,
 * which the log tells once.
 *
 * <p>Safe for any number of threads.
 */
final class Netrc {
    private static final System.Logger LOG = System.getLogger(Netrc.class.getName());
    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));

    /** An entry; without a host it is the one for all others. */
    private record Entry(@Nullable String host, @Nullable String user, @Nullable String password) {}

    /** What was read of the file while it was as it is. */
    private record Read(
            Path file,
            FileTime changed,
            long size,
            Set<PosixFilePermission> rights,
            List<Entry> entries) {
        boolean isOf(Path other, PosixFileAttributes now) {
            return file.equals(other)
                    && changed.equals(now.lastModifiedTime())
                    && size == now.size()
                    && rights.equals(now.permissions());
        }
    }

    private volatile @Nullable Read last;

    /**
     * Looks up a host.
     *
     * @param file where
     * @param user whose password it must be, or null for anybody's
     * @param others whether the entry for all other hosts counts
     * @return null if there is none
     */
    @Nullable Login find(Path file, String host, @Nullable String user, boolean others) {
        for (var entry : entries(file)) {
            var fits = entry.host == null ? others : entry.host.equals(host);
            if (fits && entry.password != null) {
                if (user == null && entry.user != null) {
                    return new Login(entry.user, entry.password);
                }
                if (user != null && (entry.user == null || entry.user.equals(user))) {
                    return new Login(user, entry.password);
                }
            }
        }
        return null;
    }

    private List<Entry> entries(Path file) {
        try {
            var now = Files.readAttributes(file, PosixFileAttributes.class);
            var known = last;
            if (known == null || !known.isOf(file, now)) {
                var rights = Set.copyOf(now.permissions());
                known = new Read(file, now.lastModifiedTime(), now.size(), rights, read(file, now));
                last = known;
            }
            return known.entries;
        } catch (NoSuchFileException | UnsupportedOperationException e) {
            // None, or a file system on which nobody can tell who reads it.
            return List.of();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The passwords in " + file + " cannot be read", e);
            return List.of();
        }
    }

    private static List<Entry> read(Path file, PosixFileAttributes now) throws IOException {
        if (now.permissions().stream().anyMatch(OTHERS::contains)) {
            LOG.log(
                    Level.WARNING,
                    "The passwords in {0} are not used, because others can read the file;"
                            + " chmod 600 mends that",
                    file);
            return List.of();
        }
        return parse(Files.readString(file));
    }

    private static List<Entry> parse(String text) {
        var entries = new ArrayList<Entry>();
        var words = new Words(text);
        String host = null;
        String user = null;
        String password = null;
        var begun = false;
        for (var word = words.key(); word != null; word = words.key()) {
            switch (word) {
                case "machine", "default" -> {
                    if (begun) {
                        entries.add(new Entry(host, user, password));
                    }
                    begun = true;
                    host = word.equals("machine") ? host(words.value()) : null;
                    user = null;
                    password = null;
                }
                case "login" -> user = words.value();
                case "password" -> password = words.value();
                case "account" -> words.value();
                case "macdef" -> words.skipMacro();
                default -> {
                    // Other programs' words.
                }
            }
        }
        if (begun) {
            entries.add(new Entry(host, user, password));
        }
        return entries;
    }

    private static String host(@Nullable String word) {
        return word == null ? "" : word.toLowerCase(Locale.ROOT);
    }

    private static final class Words {
        private final String text;
        private int at;

        Words(String text) {
            this.text = text;
        }

        /** The next word that is not in a comment; null at the end. */
        @Nullable String key() {
            var word = value();
            while (word != null && word.startsWith("#")) {
                var end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
                word = value();
            }
            return word;
        }

        /** The next word, which may be quoted; null at the end. */
        @Nullable String value() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return null;
            }
            var quoted = text.charAt(at) == '"';
            at += quoted ? 1 : 0;
            var word = new StringBuilder();
            for (; at < text.length(); at++) {
                var c = text.charAt(at);
                if (quoted ? c == '"' : Character.isWhitespace(c)) {
                    at += quoted ? 1 : 0;
                    break;
                }
                if (quoted && c == '\\' && at + 1 < text.length()) {
                    c = text.charAt(++at);
                }
                word.append(c);
            }
            return word.toString();
        }

        /** A macro ends with an empty line. */
        void skipMacro() {
            var end = text.indexOf("\n\n", at);
            at = end < 0 ? text.length() : end;
        }
    }
}
