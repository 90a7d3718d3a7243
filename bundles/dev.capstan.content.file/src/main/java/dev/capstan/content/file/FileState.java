package dev.capstan.content.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a file looks like from outside: if none of it changed, nobody wrote to the file (P6).
 *
 * @param inode 0 where the file system has none
 * @param size bytes
 * @param modified nanoseconds since 1970
 * @param changed the same, of the inode itself: links made and removed count too
 */
record FileState(long inode, long size, long modified, long changed) {

    /** Fits no file. */
    static final FileState UNKNOWN = new FileState(-1, -1, -1, -1);

    /** Looks at a file; a symbolic link is not followed. */
    static FileState of(Path path) throws IOException {
        if (!isUnix(path)) {
            var basic =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new FileState(0, basic.size(), nanos(basic.lastModifiedTime()), 0);
        }
        var all =
                Files.readAttributes(
                        path, "unix:ino,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
        return new FileState(
                number(all.get("ino")),
                number(all.get("size")),
                number(all.get("lastModifiedTime")),
                number(all.get("ctime")));
    }

    /** How many names a file has. */
    static long links(Path path) throws IOException {
        return isUnix(path)
                ? number(Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS))
                : 1;
    }

    /** Whether only names of the file may have come or gone. */
    boolean sameBytesAs(FileState other) {
        return inode == other.inode && size == other.size && modified == other.modified;
    }

    private static boolean isUnix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private static long number(@Nullable Object attribute) {
        if (attribute instanceof FileTime time) {
            return nanos(time);
        }
        return attribute instanceof Number number ? number.longValue() : -1;
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }
}
