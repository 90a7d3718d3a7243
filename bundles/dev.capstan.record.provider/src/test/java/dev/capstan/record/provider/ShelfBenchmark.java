package dev.capstan.record.provider;

import dev.capstan.content.Digest;
import dev.capstan.download.Trust;
import dev.capstan.name.Ulid;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Track;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * How long a shelf of many records takes to open, and a page of it to be listed. Run by hand, with
 * the number of records: the first opening is that of a fresh process.
 */
final class ShelfBenchmark {
    private static final int OPENINGS = 5;
    private static final int PAGE = 200;

    private ShelfBenchmark() {}

    /** Prints milliseconds. */
    public static void main(String[] words) throws IOException {
        var records = words.length == 0 ? 10_000 : Integer.parseInt(words[0]);
        var folder = Files.createTempDirectory("shelf");
        fill(folder, records);
        for (var opening = 1; opening <= OPENINGS; opening++) {
            var begun = System.nanoTime();
            var shelf = new Shelf(folder);
            var opened = System.nanoTime();
            var newest = shelf.page(null, PAGE);
            var listed = System.nanoTime();
            System.out.printf(
                    "opened in %d ms, a page of %d in %.3f ms%n",
                    (opened - begun) / 1_000_000, newest.size(), (listed - opened) / 1e6);
        }
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** As the shelf writes them, without its waiting for the disk. */
    private static void fill(Path folder, int records) throws IOException {
        var ids = new Ulid(InstantSource.system());
        for (var number = 0; number < records; number++) {
            var track =
                    new Track(
                            "Title " + number,
                            URI.create("https://example.org/" + number),
                            Digest.sha256("1".repeat(64)),
                            new Digest("md5", "2".repeat(32)),
                            3_000_000,
                            "audio/flac",
                            Duration.ofMillis(215_400),
                            Map.of("artist", "Somebody", "album", "Something"));
            var record =
                    new EtchedRecord(
                            ids.next(), "Record " + number, null, List.of(track), Instant.EPOCH);
            var entry = new Entry(record, Trust.NETWORK, null, false, null);
            Files.writeString(folder.resolve(record.id() + ".json"), RecordJson.write(entry));
        }
    }
}
