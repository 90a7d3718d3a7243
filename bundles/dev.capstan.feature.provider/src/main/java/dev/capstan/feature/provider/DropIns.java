package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jars of the drop-in folder as they are once nobody writes to them any more. A file that is
 * still being copied, or is no whole jar yet, is waited for, and what it replaces stays; a file
 * that is gone is given a moment to come back, since many programs replace a file by removing it
 * first.
 */
final class DropIns {
    private static final System.Logger LOG = System.getLogger(DropIns.class.getName());
    private static final Duration SETTLED = Duration.ofMillis(250);

    /** A copy that rests for so long does not go on by itself. */
    private static final Duration STUCK = Duration.ofSeconds(10);

    private final Path folder;
    private final Copies copies;
    private final Map<Path, Entry> entries = new HashMap<>();
    private boolean unsettled;

    DropIns(Path folder, Copies copies) {
        this.folder = folder;
        this.copies = copies;
    }

    /** What is known of one file. */
    private static final class Entry {
        private long size = -1;
        private FileTime modified = FileTime.fromMillis(0);
        private long since;
        private boolean gone;
        private boolean taken;
        private boolean broken;
        private @Nullable Jar jar;

        boolean isQuiet() {
            return restsFor(SETTLED);
        }

        boolean restsFor(Duration time) {
            return System.nanoTime() - since >= time.toNanos();
        }

        /** A copy that keeps the time of its original gets it when it is whole. */
        boolean isOld() {
            return modified.toInstant().isBefore(Instant.now().minusSeconds(1));
        }
    }

    Path folder() {
        return folder;
    }

    /** Whether another look will soon tell more. */
    boolean isUnsettled() {
        return unsettled;
    }

    /**
     * Looks at the folder.
     *
     * @return whether there are other jars than before
     */
    boolean look() throws IOException {
        Files.createDirectories(folder);
        unsettled = false;
        var changed = false;
        var seen = new HashSet<Path>();
        try (var files = Files.newDirectoryStream(folder, "[!.]*.jar")) {
            for (var file : files) {
                changed |= look(file);
                seen.add(file);
            }
        }
        for (var entry : Map.copyOf(entries).entrySet()) {
            if (!seen.contains(entry.getKey())) {
                changed |= miss(entry.getKey(), entry.getValue());
            }
        }
        return changed;
    }

    /** The bundles, each from the file with its newest version. */
    Collection<Jar> jars() {
        var newest = new HashMap<String, Jar>();
        for (var entry : entries.values()) {
            var jar = entry.jar;
            if (jar != null) {
                newest.merge(jar.symbolicName(), jar, DropIns::newer);
            }
        }
        return newest.values();
    }

    /** The digests of all files, also of those another one outdoes. */
    Set<String> digests() {
        var digests = new HashSet<String>();
        for (var entry : entries.values()) {
            if (entry.jar != null) {
                digests.add(entry.jar.digest());
            }
        }
        return digests;
    }

    private static Jar newer(Jar one, Jar other) {
        return one.version().compareTo(other.version()) >= 0 ? one : other;
    }

    /** The files a bundle was read from. */
    List<Path> filesOf(String symbolicName) {
        var files = new ArrayList<Path>();
        entries.forEach(
                (file, entry) -> {
                    if (entry.jar != null && entry.jar.symbolicName().equals(symbolicName)) {
                        files.add(file);
                    }
                });
        return files;
    }

    /** Deletes the files a bundle was read from. */
    void remove(String symbolicName) throws IOException {
        for (var file : filesOf(symbolicName)) {
            Files.deleteIfExists(file);
            entries.remove(file);
        }
    }

    private boolean look(Path file) throws IOException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return false;
        }
        var entry = entries.computeIfAbsent(file, path -> new Entry());
        if (entry.gone
                || entry.size != now.size()
                || !entry.modified.equals(now.lastModifiedTime())) {
            entry.size = now.size();
            entry.modified = now.lastModifiedTime();
            entry.since = System.nanoTime();
            entry.gone = false;
            entry.taken = false;
            entry.broken = false;
        }
        if (entry.taken) {
            tellIfStuck(file, entry);
            return false;
        }
        if (!entry.isQuiet() && !entry.isOld()) {
            unsettled = true;
            return false;
        }
        entry.taken = true;
        return take(file, entry);
    }

    private boolean take(Path file, Entry entry) {
        try {
            entry.jar = copies.take(file);
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, file + " is not whole yet", e);
            entry.broken = true;
        } catch (FeatureException e) {
            LOG.log(Level.WARNING, e.getMessage());
        }
        return false;
    }

    private static void tellIfStuck(Path file, Entry entry) {
        if (entry.broken && entry.restsFor(STUCK)) {
            entry.broken = false; // once
            LOG.log(
                    Level.WARNING,
                    file + " is no whole jar; what it replaces stays until it is copied again");
        }
    }

    private boolean miss(Path file, Entry entry) {
        if (!entry.gone) {
            entry.gone = true;
            entry.since = System.nanoTime();
        }
        if (!entry.isQuiet()) {
            unsettled = true;
            return false;
        }
        return entries.remove(file) != null;
    }
}
