package dev.capstan.download.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, kept in a folder so that only the first start unpacks it: left alone,
 * the driver unpacks and compares it at each start, which takes longer than all the rest.
 */
final class NativeLibrary {
    private static final String LIBRARY_PATH = "org.sqlite.lib.path";
    private static final String UNPACK_PATH = "org.sqlite.tmpdir";

    private NativeLibrary() {}

    /** Loads the library, if that was not yet done; a path an operator chose is left as it is. */
    static void load(Path folder) throws IOException {
        // The driver is told by properties of the whole process, in which another engine may be
        // under another class loader, and that one cannot load the same file.
        synchronized (System.getProperties()) {
            loadAlone(folder);
        }
    }

    private static void loadAlone(Path folder) throws IOException {
        var chosenLibrary = System.getProperty(LIBRARY_PATH);
        var chosenUnpack = System.getProperty(UNPACK_PATH);
        try {
            var kept = keep(folder.resolve(SQLiteJDBCLoader.getVersion()));
            set(LIBRARY_PATH, chosenLibrary != null ? chosenLibrary : kept.toString());
            set(UNPACK_PATH, chosenUnpack != null ? chosenUnpack : folder.toString());
            if (!isLoaded()) {
                // The folder may be on a volume that nothing is executed from.
                set(UNPACK_PATH, chosenUnpack);
                if (!isLoaded()) {
                    throw new IOException("SQLite's native library cannot be loaded");
                }
            }
        } finally {
            set(LIBRARY_PATH, chosenLibrary);
            set(UNPACK_PATH, chosenUnpack);
        }
    }

    private static boolean isLoaded() {
        try {
            return SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            return false;
        }
    }

    private static Path keep(Path folder) throws IOException {
        var name = LibraryLoaderUtil.getNativeLibName();
        var library = folder.resolve(name);
        if (Files.exists(library)) {
            return folder;
        }
        var resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (var in = SQLiteDataSource.class.getResourceAsStream(resource)) {
            if (in != null) {
                Files.createDirectories(folder);
                var part = Files.createTempFile(folder, name, ".part");
                try {
                    Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                    try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                    Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(part);
                }
            }
        }
        return folder;
    }

    private static void set(String property, @Nullable String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }
}
