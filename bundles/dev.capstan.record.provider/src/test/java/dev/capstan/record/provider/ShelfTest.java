package dev.capstan.record.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.download.Trust;
import dev.capstan.name.Ulid;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Track;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shelf keeps, and what it finds again. */
class ShelfTest {
    @TempDir Path folder;

    private final Ulid ids = new Ulid(InstantSource.system());

    @Test
    void everythingIsThereAfterARestart() throws Exception {
        var entry =
                new Entry(
                        record("Full"),
                        Trust.OPERATOR,
                        "slot",
                        true,
                        URI.create("https://example.org/library"));
        new Shelf(folder).put(entry);

        var shelf = new Shelf(folder);

        assertThat(shelf.get(entry.id())).contains(entry);
        assertThat(shelf.inSlot("slot")).contains(entry);
        assertThat(shelf.of(URI.create("https://example.org/library"))).containsExactly(entry);
    }

    @Test
    void pagesAreNewestFirst() throws Exception {
        var shelf = new Shelf(folder);
        for (var name : List.of("one", "two", "three")) {
            shelf.put(entry(record(name)));
        }

        var first = shelf.page(null, 2);
        var next = shelf.page(first.get(1).id(), 2);

        assertThat(first).extracting("name").containsExactly("three", "two");
        assertThat(next).extracting("name").containsExactly("one");
    }

    @Test
    void whatWasNotFinishedIsRemovedAndWhatIsDamagedIsLeft() throws Exception {
        var good = entry(record("good"));
        new Shelf(folder).put(good);
        var damaged = folder.resolve(ids.next() + ".json");
        Files.writeString(damaged, "{\"record\": {\"na");
        Files.writeString(folder.resolve(ids.next() + ".json.new"), "{\"rec");

        var shelf = new Shelf(folder);

        assertThat(shelf.page(null, 10)).containsExactly(good.record());
        assertThat(damaged).exists();
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".new"))).isEmpty();
        }
    }

    @Test
    void aStartReadsNoRecordBeforeSomebodyAsksForIt() throws Exception {
        var entry = entry(record("early"));
        new Shelf(folder).put(entry);

        var shelf = new Shelf(folder);
        var late = entry.withKept(true);
        Files.writeString(folder.resolve(entry.id() + ".json"), RecordJson.write(late));

        assertThat(shelf.get(entry.id())).contains(late);
        Files.writeString(folder.resolve(entry.id() + ".json"), "later still");
        assertThat(shelf.get(entry.id())).contains(late);
    }

    @Test
    void aFileUnderTheNameOfAnotherRecordIsPassedOver() throws Exception {
        var entry = entry(record("one"));
        new Shelf(folder).put(entry);
        var other = ids.next();
        Files.copy(folder.resolve(entry.id() + ".json"), folder.resolve(other + ".json"));

        var shelf = new Shelf(folder);

        assertThat(shelf.get(other)).isEmpty();
        assertThat(shelf.page(null, 10)).containsExactly(entry.record());
    }

    @Test
    void whatIsRemovedStaysAway() throws Exception {
        var shelf = new Shelf(folder);
        var entry = entry(record("gone"));
        shelf.put(entry);

        assertThat(shelf.remove(entry.id())).contains(entry);
        assertThat(shelf.remove(entry.id())).isEmpty();
        assertThat(new Shelf(folder).get(entry.id())).isEmpty();
    }

    private Entry entry(EtchedRecord record) {
        return new Entry(record, Trust.NETWORK, null, false, null);
    }

    private EtchedRecord record(String name) {
        var track =
                new Track(
                        "Title \"with\" quotes",
                        URI.create("https://example.org/%C3%A9?a=b"),
                        Digest.sha256("1".repeat(64)),
                        new Digest("md5", "2".repeat(32)),
                        3_000_000,
                        "audio/flac",
                        Duration.ofMillis(215_400),
                        Map.of("artist", "Ä ö"));
        return new EtchedRecord(
                ids.next(),
                name,
                "Somebody",
                List.of(track),
                Instant.parse("2026-01-31T12:00:00Z"));
    }
}
