package dev.capstan.content.file;

import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one source in its staging folder: the one that is being fetched, and beside it an
 * older one until this is whole. The part with the highest number whose journal fits is the current
 * one, so that a change of version takes effect in one instant.
 *
 * <p>Versions change by one thread at a time, the filler's or the committing one; the current one
 * may be read by any.
 */
final class Versions {

    /** An older version that may prove to be the right one. */
    private record Kept(int number, Identity identity) {}

    private final Path folder;
    private final IngestRequest request;
    private final Part.Surroundings around;
    private volatile Part current;
    private volatile @Nullable Kept kept;

    private Versions(Path folder, Part current, @Nullable Kept kept, Part.Surroundings around) {
        this.folder = folder;
        this.current = current;
        this.kept = kept;
        this.around = around;
        request = new IngestRequest(current.source(), current.cipher());
    }

    /**
     * Opens what is in a folder, and removes what does not fit.
     *
     * @param request what to begin if nothing is there; null for nothing
     * @return null if nothing is there and nothing was to begin
     */
    static @Nullable Versions open(
            Path folder, @Nullable IngestRequest request, Part.Surroundings around)
            throws IOException {
        Part current = null;
        Kept kept = null;
        for (var number : PartFiles.numbers(folder)) {
            var loaded = kept == null ? PartFiles.load(folder, number, request, around) : null;
            if (loaded == null) {
                PartFiles.delete(folder, number);
            } else if (current == null) {
                current = loaded;
            } else {
                kept = new Kept(number, loaded.identity());
                loaded.close();
            }
        }
        if (current == null && request != null) {
            current = PartFiles.create(folder, 1, request, Identity.UNKNOWN, around);
        }
        return current == null ? null : new Versions(folder, current, kept, around);
    }

    Part current() {
        return current;
    }

    IngestRequest request() {
        return request;
    }

    /** Whether no byte of any version is here. */
    boolean isEmpty() {
        return kept == null && current.downloaded() == 0;
    }

    /**
     * The source changed.
     *
     * @param keepOld whether the current version may still prove to be the right one
     */
    void restart(Identity identity, boolean keepOld) throws IOException, DownloadException {
        if (current.hasLanes()) {
            throw new IllegalStateException("A lane is still open");
        }
        var older = kept;
        // If the change was an error page, the older version is the right one again.
        if (older != null && isSameVersion(older.identity(), identity) && revive(older)) {
            return;
        }
        var old = current;
        var worthKeeping = keepOld && kept == null && old.downloaded() > 0;
        if (worthKeeping) {
            old.checkpoint();
        }
        current = PartFiles.create(folder, old.number() + 1, request, identity, around);
        if (worthKeeping) {
            kept = new Kept(old.number(), old.identity());
            old.close();
        } else {
            old.delete();
        }
    }

    private boolean revive(Kept older) throws IOException {
        kept = null;
        var revived = PartFiles.load(folder, older.number(), request, around);
        if (revived == null) {
            return false;
        }
        var old = current;
        current = revived;
        old.delete();
        revived.hash();
        return true;
    }

    /** The bytes proved wrong: begins again with nothing. */
    void drop() throws IOException {
        current.close();
        kept = null;
        Disk.removeFolder(folder);
        current = PartFiles.create(folder, 1, request, Identity.UNKNOWN, around);
    }

    private static boolean isSameVersion(Identity one, Identity other) {
        var a = one.validator();
        var b = other.validator();
        if (one.length() != other.length()) {
            return false;
        }
        var etag = a.strongEtag();
        if (etag != null || b.strongEtag() != null) {
            return etag != null && etag.equals(b.strongEtag());
        }
        return a.isStrong() && a.equals(b);
    }
}
