package dev.capstan.content.file;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file read and written by position, which the interruption of one thread does not close for the
 * others: a {@link FileChannel} closes itself when a thread is interrupted in it, so it is opened
 * again and the operation repeated; the thread stays interrupted. A symbolic link in place of the
 * file is not followed (S3).
 *
 * <p>Safe for any number of threads; they share no lock here.
 */
final class DiskFile implements Closeable {
    private static final VarHandle CHANNEL;

    static {
        try {
            CHANNEL =
                    MethodHandles.lookup()
                            .findVarHandle(DiskFile.class, "channel", FileChannel.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final boolean writable;
    private volatile Path path;
    private volatile @Nullable Path successor;
    private volatile FileChannel channel;
    private volatile boolean closed;

    private DiskFile(Path path, boolean writable, FileChannel channel) {
        this.path = path;
        this.writable = writable;
        this.channel = channel;
    }

    /** Opens a file that exists, to be read. */
    static DiskFile read(Path path) throws IOException {
        return new DiskFile(path, false, open(path, EnumSet.of(StandardOpenOption.READ)));
    }

    /** Opens a file to be read and written; makes it if it is missing. */
    static DiskFile write(Path path) throws IOException {
        var options =
                EnumSet.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE);
        return new DiskFile(path, true, open(path, options));
    }

    private static FileChannel open(Path path, Set<StandardOpenOption> options) throws IOException {
        var all = new HashSet<OpenOption>(options);
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(path, all);
    }

    Path path() {
        return path;
    }

    /** Reads until the buffer is full or the file ends; returns how many bytes came. */
    int read(ByteBuffer target, long position) throws IOException {
        var interrupted = Thread.interrupted();
        var start = target.position();
        try {
            while (target.hasRemaining()) {
                var current = channel;
                try {
                    if (current.read(target, position + target.position() - start) < 0) {
                        break;
                    }
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current, e);
                }
            }
            return target.position() - start;
        } finally {
            restore(interrupted);
        }
    }

    /** Writes all remaining bytes. After an error some of them may be in the file. */
    void write(ByteBuffer bytes, long position) throws IOException {
        var interrupted = Thread.interrupted();
        var start = bytes.position();
        try {
            while (bytes.hasRemaining()) {
                var current = channel;
                try {
                    current.write(bytes, position + bytes.position() - start);
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current, e);
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    /** Puts all written bytes on the disk, and of the metadata what is needed to find them. */
    void sync() throws IOException {
        onChannel(
                current -> {
                    current.force(false);
                    return 0L;
                });
    }

    long size() throws IOException {
        return onChannel(FileChannel::size);
    }

    void truncate(long size) throws IOException {
        onChannel(
                current -> {
                    current.truncate(size);
                    return 0L;
                });
    }

    /** Says that the file is about to be renamed, so that it can be opened again in between. */
    void willMoveTo(Path target) {
        successor = target;
    }

    /** Says that the file was renamed as {@link #willMoveTo} announced. */
    void moved() {
        var target = successor;
        if (target != null) {
            path = target;
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        channel.close();
    }

    private long onChannel(Operation operation) throws IOException {
        var interrupted = Thread.interrupted();
        try {
            while (true) {
                var current = channel;
                try {
                    return operation.run(current);
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current, e);
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    private void reopen(FileChannel broken, ClosedChannelException cause) throws IOException {
        if (closed) {
            throw cause;
        }
        if (channel != broken) {
            return;
        }
        var fresh = openAgain();
        if (!CHANNEL.compareAndSet(this, broken, fresh)) {
            fresh.close();
        } else if (closed) {
            fresh.close();
            throw cause;
        }
    }

    private FileChannel openAgain() throws IOException {
        while (true) {
            var target = successor;
            try {
                return open(path, options(path));
            } catch (NoSuchFileException e) {
                if (target != null) {
                    return open(target, options(target));
                }
                if (successor == null) {
                    throw e;
                }
            }
        }
    }

    /** Once it may have moved, the file is finished and read-only. */
    private Set<StandardOpenOption> options(Path at) {
        return writable && !at.equals(successor)
                ? EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
                : EnumSet.of(StandardOpenOption.READ);
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Operation {
        long run(FileChannel channel) throws IOException;
    }
}
