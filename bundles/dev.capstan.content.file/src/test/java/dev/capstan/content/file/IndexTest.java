package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.sha256;
import static dev.capstan.content.file.TestStore.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class IndexTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    @TempDir Path folder;

    private static String hex(int i) {
        return sha256(bytes(i, 1)).hex().substring(0, 56) + String.format("%08x", i);
    }

    private static Item item(int i, long size) {
        var validator = new Validator("\"e" + i + "\"", NOW, true, null);
        return Item.verified(null, hex(i), new FileState(i, size, 5, 6), NOW)
                .withOrigin(new Item.Origin(source(i), validator, NOW), "video/mp4");
    }

    private static void put(Index index, Item item) {
        index.change(item.hex(), true, before -> item);
    }

    @Provide
    Arbitrary<Item> items() {
        var text = Arbitraries.strings().ofMinLength(1).ofMaxLength(20);
        var time = Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
        var maybe = text.injectNull(0.3);
        var validators =
                Combinators.combine(maybe, time.injectNull(0.3), Arbitraries.of(true, false), maybe)
                        .as(Validator::new);
        var origins =
                Combinators.combine(text.map(id -> new SourceKey("test", id)), validators, time)
                        .as(Item.Origin::new)
                        .list()
                        .ofMaxSize(3);
        var digests =
                Arbitraries.strings()
                        .withChars("0123456789abcdef")
                        .ofLength(32)
                        .map(hex -> new Digest("md5", hex))
                        .set()
                        .ofMaxSize(2);
        var files =
                Combinators.combine(
                                Arbitraries.longs(),
                                Arbitraries.longs(),
                                Arbitraries.longs(),
                                Arbitraries.longs())
                        .as(FileState::new);
        return Combinators.combine(
                        files, time, time, maybe, origins, digests, text.set().ofMaxSize(3))
                .as(
                        (file, stored, used, type, from, known, pins) ->
                                new Item(
                                        hex(1),
                                        file,
                                        stored,
                                        used,
                                        used,
                                        stored.isBefore(used),
                                        type,
                                        from,
                                        known,
                                        pins));
    }

    private static @Nullable ItemLine decode(byte[] encoded) {
        return ItemLine.decode(new String(encoded, StandardCharsets.UTF_8).replace("\n", ""));
    }

    @Property(tries = 500)
    void linesKeepEverything(@ForAll("items") Item item) {
        var line = new ItemLine(7, item.hex(), item);
        // A lone surrogate is no text in UTF-8: it cannot be kept, and harms nothing else.
        var encodable = StandardCharsets.UTF_8.newEncoder().canEncode(item.toString());

        var decoded = decode(line.encode());

        assertThat(decoded).isNotNull();
        if (encodable) {
            assertThat(decoded).isEqualTo(line);
        }
    }

    @Test
    void changesAreThereAfterARestart() throws Exception {
        try (var index = Index.open(folder)) {
            put(index, item(1, 10));
            put(index, item(2, 20));
            put(index, item(3, 30));
            index.update(hex(2), true, item -> item.withPins(Set.of("record:1", "a,b;c%\n")));
            index.change(hex(3), true, item -> null);
            index.touch(hex(1), NOW.plusSeconds(9));
        }
        try (var index = Index.open(folder)) {
            assertThat(index.get(hex(1))).isEqualTo(item(1, 10).withUsed(NOW.plusSeconds(9)));
            assertThat(index.get(source(2)).pins())
                    .containsExactlyInAnyOrder("record:1", "a,b;c%\n");
            assertThat(index.get(hex(3))).isNull();
            assertThat(index.get(source(3))).isNull();
            assertThat(index.totals()).isEqualTo(new Index.Totals(2, 30, 1, 20));
        }
    }

    @Test
    void theNewestItemOfASourceIsFound() throws Exception {
        try (var index = Index.open(folder)) {
            put(index, item(1, 10));
            var later = new Item.Origin(source(1), Validator.NONE, NOW.plusSeconds(5));
            put(index, item(2, 20).withOrigin(later, null));
            assertThat(index.get(source(1)).hex()).isEqualTo(hex(2));
        }
        try (var index = Index.open(folder)) {
            assertThat(index.get(source(1)).hex()).isEqualTo(hex(2));
            index.change(hex(2), true, item -> null);
            assertThat(index.get(source(1))).isNull();
        }
    }

    @Test
    void aDamagedByteCostsOneChangeAtMost() throws Exception {
        try (var index = Index.open(folder)) {
            for (var i = 0; i < 5; i++) {
                put(index, item(i, i));
            }
        }
        var path = IndexLog.path(folder, 1);
        var whole = Files.readAllBytes(path);
        for (var i = 0; i < whole.length; i++) {
            for (var flip : new int[] {1, 0x80, '\n' ^ 'a'}) {
                var damaged = whole.clone();
                damaged[i] ^= (byte) flip;
                Files.write(path, damaged);
                var found = new HashSet<Item>();
                IndexLog.read(path, line -> found.add(line.item()));

                assertThat(found).hasSizeGreaterThanOrEqualTo(4);
                assertThat(found)
                        .isSubsetOf(item(0, 0), item(1, 1), item(2, 2), item(3, 3), item(4, 4));
            }
        }
    }

    @Test
    void aTornEndCostsTheLastChangeAndIsWrittenBehind() throws Exception {
        try (var index = Index.open(folder)) {
            put(index, item(1, 1));
            put(index, item(2, 2));
        }
        var path = IndexLog.path(folder, 1);
        var whole = Files.readAllBytes(path);
        for (var length = whole.length - 100; length < whole.length - 1; length++) {
            Files.write(path, java.util.Arrays.copyOf(whole, length));
            try (var index = Index.open(folder)) {
                assertThat(index.get(hex(1))).isEqualTo(item(1, 1));
                put(index, item(3, 3));
            }
            try (var index = Index.open(folder)) {
                assertThat(index.get(hex(3))).isEqualTo(item(3, 3));
            }
        }
    }

    @Test
    void theLogIsWrittenAnewWhenMostOfItIsOutOfDate() throws Exception {
        try (var index = Index.open(folder)) {
            for (var i = 0; i < 10; i++) {
                put(index, item(i, i));
            }
            for (var n = 0; n < 2000; n++) {
                var used = NOW.plusSeconds(n);
                index.update(hex(n % 10), false, item -> item.withUsed(used));
            }
            index.tidy();
            assertThat(IndexLog.numbers(folder)).containsExactly(2L);
            assertThat(Files.size(IndexLog.path(folder, 2))).isLessThan(10_000);
        }
        try (var index = Index.open(folder)) {
            assertThat(index.totals().items()).isEqualTo(10);
        }
    }

    @Test
    void aRewriteCutShortLosesNothing() throws Exception {
        try (var index = Index.open(folder)) {
            put(index, item(1, 1));
            put(index, item(2, 2));
            index.change(hex(2), true, item -> null);
        }
        // As if the process had ended after the first change that went to the new file.
        Files.write(IndexLog.path(folder, 2), new ItemLine(99, hex(3), item(3, 3)).encode());
        try (var index = Index.open(folder)) {
            assertThat(index.totals().items()).isEqualTo(2);
            assertThat(IndexLog.numbers(folder)).containsExactly(3L);
        }
    }

    @Test
    @Timeout(60)
    void writersAndARewriteDoNotDisturbEachOther() throws Exception {
        try (var index = Index.open(folder)) {
            var threads = new ArrayList<Thread>();
            for (var t = 0; t < 4; t++) {
                var base = t * 1000;
                var thread =
                        new Thread(
                                () -> {
                                    for (var i = 0; i < 1500; i++) {
                                        var number = base + i % 100;
                                        var item = item(number, i);
                                        index.change(item.hex(), false, before -> item);
                                    }
                                });
                thread.start();
                threads.add(thread);
            }
            for (var thread : threads) {
                while (thread.isAlive()) {
                    index.tidy();
                }
            }
            index.tidy();
            assertThat(index.totals().items()).isEqualTo(400);
        }
        try (var index = Index.open(folder)) {
            for (var t = 0; t < 4; t++) {
                for (var i = 0; i < 100; i++) {
                    assertThat(index.get(hex(t * 1000 + i)))
                            .isEqualTo(item(t * 1000 + i, 1400 + i));
                }
            }
        }
    }

    @Test
    void aHundredThousandItemsAreReadQuickly() throws Exception {
        var log = IndexLog.open(folder, 1);
        for (var i = 0; i < 100_000; i++) {
            log.append(new ItemLine(i, hex(i), item(i, 1000)));
        }
        log.close();
        var start = System.nanoTime();
        try (var index = Index.open(folder)) {
            var millis = (System.nanoTime() - start) / 1_000_000;
            assertThat(index.totals().items()).isEqualTo(100_000);
            System.out.println("100,000 items read in " + millis + " ms");
            assertThat(millis).isLessThan(20_000);
            assertThat(index.after(hex(5), 10))
                    .hasSize(10)
                    .allMatch(i -> i.hex().compareTo(hex(5)) > 0);
        }
    }
}
