package dev.capstan.download.provider;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.name.SafeNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one run's file will be: its folder, and the name it holds against all others under way. The
 * name may change until the first byte. Used by the run's thread and, while that waits for it, by
 * the transfer's.
 */
final class Placement implements AutoCloseable {
    /** The name where neither host nor answer gives one. */
    static final String NAMELESS = "download";

    private final Row row;
    private final Names names;
    private final Supplier<Settings> settings;
    private Names.@Nullable Berth berth;

    Placement(Row row, Names names, Supplier<Settings> settings) {
        this.row = row;
        this.names = names;
        this.settings = settings;
    }

    /** Takes the name the row knows now. */
    synchronized String reserve(SourceKey key) {
        var target = row.get().target();
        var folder = folder();
        var wish = target.name() == null ? NAMELESS : target.name();
        if (row.get().options().cacheOnly()) {
            // It will be no file, so it is in nobody's way.
            return wish;
        }
        var held = berth;
        if (held != null && held.folder().equals(folder) && held.name().equals(wish)) {
            return wish;
        }
        close();
        var taken = names.take(folder, wish, key);
        berth = taken;
        if (!taken.name().equals(target.name())) {
            row.note(known -> named(known, taken.name()));
        }
        return taken.name();
    }

    /** Takes another name. */
    void rename(String foreign, SourceKey key) {
        row.note(known -> named(known, SafeNames.fileName(foreign, NAMELESS)));
        reserve(key);
    }

    /** The folder the file goes to, as the row and the configuration say now. */
    Path folder() {
        var target = row.get().target();
        var given = target.folder();
        if (given != null) {
            return given;
        }
        var root = settings.get().directory();
        var category = target.category();
        return category == null ? root : SafeNames.resolve(root, category);
    }

    /**
     * Looks whether the folder could be written, before anything is fetched and without making it.
     */
    void check() throws DownloadException {
        if (row.get().options().cacheOnly()) {
            return;
        }
        var folder = folder();
        var there = nearest(folder);
        if (!Files.isDirectory(there)) {
            throw folderError(there + " is a file and no folder");
        }
        if (!Files.isWritable(there)) {
            throw folderError("The folder " + there + " cannot be written");
        }
    }

    /** Bytes that are free where the file goes; 0 where that cannot be told. */
    long free() {
        try {
            return Files.getFileStore(nearest(folder())).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public synchronized void close() {
        var held = berth;
        berth = null;
        if (held != null) {
            names.giveBack(held);
        }
    }

    private static Path nearest(Path folder) {
        var there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static Download named(Download row, String name) {
        return row.copy().target(row.target().withName(name)).build();
    }

    private static DownloadException folderError(String what) {
        return new DownloadException(
                ErrorClass.IO,
                what + ". Choose another folder, or mend this one and retry.",
                Detail.FOLDER,
                null,
                null);
    }
}
