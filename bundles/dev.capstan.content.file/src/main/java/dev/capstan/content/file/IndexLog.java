package dev.capstan.content.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One file of the index: {@link ItemLine}s, appended. Each writer reserves its place and writes
 * there, so writers need no lock; a place that was never written, as after a crash or on a full
 * disk, is a damaged line.
 */
final class IndexLog implements Closeable {
    private static final String NAME = "index-([1-9][0-9]{0,9})\\.log";

    private final DiskFile file;
    private final AtomicLong end;

    private IndexLog(DiskFile file, long end) {
        this.file = file;
        this.end = new AtomicLong(end);
    }

    /** The numbers of the files in a folder, oldest first. */
    static List<Long> numbers(Path folder) throws IOException {
        return Disk.list(folder).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.matches(NAME))
                .map(name -> Long.valueOf(name.replaceAll(NAME, "$1")))
                .sorted()
                .toList();
    }

    static Path path(Path folder, long number) {
        return folder.resolve("index-" + number + ".log");
    }

    /** Opens a file to be appended to. */
    static IndexLog open(Path folder, long number) throws IOException {
        var file = DiskFile.write(path(folder, number));
        return new IndexLog(file, file.size());
    }

    /** Reads all whole lines; tells how many lines there were, whole or not. */
    static long read(Path path, Consumer<ItemLine> lines) throws IOException {
        var count = 0L;
        // Not by a decoder that throws: what is damaged is passed over line by line.
        var text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        for (var start = 0; start < text.length(); ) {
            var feed = text.indexOf('\n', start);
            var stop = feed < 0 ? text.length() : feed;
            if (stop > start) {
                count++;
                var line = ItemLine.decode(text.substring(start, stop));
                if (line != null) {
                    lines.accept(line);
                }
            }
            start = stop + 1;
        }
        return count;
    }

    void append(ItemLine line) throws IOException {
        var bytes = line.encode();
        file.write(ByteBuffer.wrap(bytes), end.getAndAdd(bytes.length));
    }

    void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
