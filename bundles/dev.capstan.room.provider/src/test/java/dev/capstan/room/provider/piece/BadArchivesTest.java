package dev.capstan.room.provider.piece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.room.provider.document.MatchLock.Archive;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.piece.PieceException.Reason;
import dev.capstan.tck.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PieceHost.Shared.class)
@DisplayName("S4 Bad archives are refused with nothing left behind")
class BadArchivesTest {
    private static final int DIRECTORY = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int END = 0x06054b50;

    private static final Map<String, Supplier<byte[]>> CORPUS = corpus();

    @TempDir private Path temp;
    private PieceDisk disk;

    @BeforeEach
    void setUp(PieceHost host) {
        disk = new PieceDisk(host.contents, new Unpacker(0));
    }

    static Stream<String> corpus_names() {
        return CORPUS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("corpus_names")
    void a_bad_archive_is_refused_and_nothing_is_left(String name) throws Exception {
        var archive = CORPUS.get(name).get();

        assertThatThrownBy(() -> place(archive, kind(name)))
                .hasMessageContaining(name.contains("too many") ? "100,000 entries" : "")
                .isInstanceOfSatisfying(
                        PieceException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CONTENT));

        assertThat(PieceHost.names(temp.resolve("pieces"))).isEmpty();
        assertThat(PieceHost.names(temp)).containsExactly("archive", "pieces");
    }

    @Test
    void names_that_cannot_be_kept_everywhere_are_refused_in_both_formats() throws Exception {
        var names =
                List.of(
                        "../evil",
                        "a/../../evil",
                        "a/..",
                        "/etc/evil",
                        "//host/evil",
                        "C:\\evil",
                        "c:evil",
                        "..\\evil",
                        "\\evil",
                        "%2e%2e%2fevil",
                        "..%5cevil",
                        "CON",
                        "a/LPT9.tar.gz",
                        "COM¹",
                        "trailing.",
                        "trailing ",
                        " leading",
                        "a:b",
                        "what?",
                        "bell\u0007",
                        "line\nfeed",
                        "right\u202Eleft",
                        "...",
                        ".capstan-0123456789abcdef.new",
                        "x".repeat(256),
                        "a/".repeat(65) + "b",
                        "d/".repeat(600) + "b");
        for (var name : names) {
            var entry = Archives.file(name, "x");
            for (var archive : List.of(Archives.zip(entry), Archives.tar(entry))) {
                assertThatThrownBy(() -> place(archive, Archive.AUTO))
                        .as(name)
                        .isInstanceOf(PieceException.class)
                        .hasMessageStartingWith("The archive is refused: ");
                assertThat(PieceHost.names(temp.resolve("pieces"))).as(name).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip", "tar", "tar.gz"})
    void a_good_archive_is_unpacked_by_its_first_bytes(String format) throws Exception {
        var inner = Archives.zip(Archives.file("in", "ner"));
        Archives.Entry[] entries = {
            Archives.folder("chars"),
            Archives.file("chars/Ryu/ryu.def", "[Info]"),
            Archives.file("chars/.hidden", "kept"),
            Archives.file("e\u0301t\u00e9.txt", "NFC"),
            new Archives.Entry("inner.zip", inner, 0),
            Archives.file("empty", "")
        };
        var archive =
                switch (format) {
                    case "zip" -> Archives.zip(entries);
                    case "tar" -> Archives.tar(entries);
                    default -> Archives.gzip(Archives.tar(entries));
                };

        var folder = place(archive, Archive.AUTO).folder();

        assertThat(folder.resolve("chars/Ryu/ryu.def")).hasContent("[Info]");
        assertThat(folder.resolve("chars/.hidden")).hasContent("kept");
        assertThat(folder.resolve("\u00e9t\u00e9.txt")).hasContent("NFC");
        assertThat(folder.resolve("inner.zip")).hasBinaryContent(inner);
        assertThat(folder.resolve("empty")).isEmptyFile();
        assertThat(PieceHost.names(temp.resolve("pieces")))
                .hasSize(2)
                .contains("p")
                .anyMatch(name -> name.endsWith(".piece"));
    }

    @Test
    void what_is_no_archive_or_said_to_be_none_stays_one_file() throws Exception {
        for (var bytes :
                List.of(
                        Body.random(1_000, 3).bytes(),
                        Archives.gzip(new byte[2_000]),
                        new byte[3])) {
            assertThat(place(bytes, Archive.AUTO).folder().resolve("file")).hasBinaryContent(bytes);
        }
        var zip = Archives.zip(Archives.file("a", "b"));
        assertThat(place(zip, Archive.NONE).folder().resolve("file")).hasBinaryContent(zip);
    }

    @Test
    void what_the_volume_has_no_room_for_is_not_begun() throws Exception {
        var archive = Files.write(temp.resolve("archive"), Archives.zip(Archives.file("a", "b")));
        var target = Files.createDirectory(temp.resolve("target"));
        var full = new Unpacker(Long.MAX_VALUE);

        assertThatThrownBy(() -> full.unpack(archive, Archive.ZIP, target))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no room");

        assertThat(PieceHost.names(target)).isEmpty();
    }

    private Arrived place(byte[] archive, Archive kind) throws Exception {
        var file = Files.write(temp.resolve("archive"), archive);
        var sha256 = Body.of(archive).sha256();
        var piece =
                new Piece(
                        "p",
                        null,
                        null,
                        null,
                        List.of("http://h.test/file"),
                        sha256,
                        -1,
                        kind,
                        null);
        return disk.place(temp.resolve("pieces"), piece, new Finding.InFile(file, sha256));
    }

    private static Archive kind(String name) {
        return name.startsWith("said to be zip")
                ? Archive.ZIP
                : name.startsWith("said to be tar.gz")
                        ? Archive.TAR_GZ
                        : name.startsWith("said to be tar") ? Archive.TAR : Archive.AUTO;
    }

    private static Map<String, Supplier<byte[]>> corpus() {
        var all = new TreeMap<String, Supplier<byte[]>>();
        var good = Archives.zip(Archives.file("a", "0123456789".repeat(20)));
        all.put("zip: symbolic link", () -> Archives.zip(Archives.special("a", 0120777)));
        all.put("zip: character device", () -> Archives.zip(Archives.special("a", 0020666)));
        all.put("zip: pipe", () -> Archives.zip(Archives.special("a", 0010666)));
        all.put("zip: folder in a file's name", () -> Archives.zip(Archives.special("a", 040755)));
        all.put("zip: twice", () -> zip("a", "b", "a"));
        all.put("zip: twice but for case", () -> zip("Ryu", "rYU"));
        all.put("zip: twice but for sharp s", () -> zip("stra\u00dfe", "STRASSE"));
        all.put("zip: twice but for form", () -> zip("\u00e9", "e\u0301"));
        all.put("zip: folders twice but for case", () -> zip("A/x", "a/y"));
        all.put("zip: file and folder", () -> zip("a", "a/b"));
        all.put("zip: folder and file", () -> zip("a/b", "A"));
        all.put("zip: encrypted", () -> Archives.patched(good, DIRECTORY, 8, 2, 1));
        all.put("zip: AES", () -> Archives.patched(good, DIRECTORY, 10, 2, 99));
        all.put("zip: strongly encrypted", () -> Archives.patched(good, DIRECTORY, 8, 2, 0x41));
        all.put("zip: method unknown", () -> Archives.patched(good, DIRECTORY, 10, 2, 6));
        all.put("zip: more bytes than said", () -> Archives.patched(good, DIRECTORY, 24, 4, 7));
        all.put("zip: fewer bytes than said", () -> Archives.patched(good, DIRECTORY, 24, 4, 900));
        all.put("zip: wrong check value", () -> Archives.patched(good, DIRECTORY, 16, 4, 1));
        all.put("zip: no local header", () -> Archives.patched(good, LOCAL, 26, 2, 0xFFFF));
        all.put("zip: cut off", () -> cut(good, 30));
        all.put("zip: says 3 GB", () -> Archives.patched(good, DIRECTORY, 24, 4, 3L << 30));
        all.put(
                "zip: zeros that grow by more than 100",
                () -> Archives.zip(new Archives.Entry("a", new byte[11 << 20], 0)));
        all.put("zip: one piece of data under many names", BadArchivesTest::overlapping);
        all.put("zip: far too many entries", () -> zip(260_000));
        all.put("said to be zip, and is nothing", () -> new byte[600]);
        all.put("said to be zip, and is tar", () -> Archives.tar(Archives.file("a", "b")));
        all.put("said to be tar, and is zip", () -> good);
        all.put("said to be tar.gz, and is tar", () -> Archives.tar(Archives.file("a", "b")));
        for (var flag :
                Map.of(
                                "symbolic link", TarConstants.LF_SYMLINK,
                                "hard link", TarConstants.LF_LINK,
                                "character device", TarConstants.LF_CHR,
                                "block device", TarConstants.LF_BLK,
                                "pipe", TarConstants.LF_FIFO,
                                "sparse file", TarConstants.LF_GNUTYPE_SPARSE,
                                "unknown kind", (byte) 'Q')
                        .entrySet()) {
            all.put("tar: " + flag.getKey(), () -> Archives.tarOf(flag.getValue()));
        }
        all.put("tar: twice", () -> tar("a", "b", "a"));
        all.put("tar: twice but for case", () -> tar("chars/Ryu", "CHARS/ryu"));
        all.put("tar: cut off, in gzip", () -> Archives.gzip(Arrays.copyOf(tar("a", "b"), 700)));
        all.put("tar: cut off", () -> Arrays.copyOf(tar("a", "b"), 1_200));
        all.put("tar: cut off between entries", () -> Arrays.copyOf(tar("a", "b"), 1_024));
        all.put("tar: gzip cut off", () -> cut(Archives.gzip(tar("a", "b")), 12));
        all.put("tar: wrong check value of gzip", BadArchivesTest::damagedGzip);
        all.put("tar: wrong sum of a header", () -> damagedHeader(tar("a", "b")));
        all.put(
                "tar: zeros that grow by more than 100",
                () -> Archives.gzip(Archives.tar(new Archives.Entry("a", new byte[11 << 20], 0))));
        all.put("tar: too many entries", () -> tar(100_001));
        all.put("tar: a header of 2 MB", BadArchivesTest::hugeHeader);
        return all;
    }

    private static byte[] zip(String... names) {
        return Archives.zip(files(names));
    }

    private static byte[] tar(String... names) {
        return Archives.tar(files(names));
    }

    private static Archives.Entry[] files(String... names) {
        return Stream.of(names)
                .map(name -> Archives.file(name, "bytes of " + name))
                .toArray(Archives.Entry[]::new);
    }

    /** The same folder again and again, which is no fault by itself. */
    private static byte[] tar(int entries) {
        var header = Arrays.copyOf(Archives.tar(Archives.folder("d")), 512);
        return Archives.repeated(new byte[0], header, entries, new byte[1_024]);
    }

    private static byte[] zip(int entries) {
        var one = Archives.zip(Archives.folder("d"));
        var directory = Archives.find(one, DIRECTORY);
        var end = Archives.find(one, END);
        var length = (long) entries * (end - directory);
        var patched = Archives.patched(one, END, 12, 4, length);
        return Archives.repeated(
                Arrays.copyOf(one, directory),
                Arrays.copyOfRange(one, directory, end),
                entries,
                Arrays.copyOfRange(patched, end, one.length));
    }

    /** Two hundred entries of the directory, all of which lead to the bytes of the first. */
    private static byte[] overlapping() {
        var entries =
                IntStream.range(0, 200)
                        .mapToObj(
                                i -> new Archives.Entry("f" + i, new byte[i == 0 ? 90_000 : 0], 0))
                        .toArray(Archives.Entry[]::new);
        var zip = Archives.zip(entries);
        var crc = Archives.crc(new byte[90_000]);
        var pointed = Archives.patched(zip, DIRECTORY, 42, 4, 0);
        pointed = Archives.patched(pointed, DIRECTORY, 10, 2, 8);
        pointed = Archives.patched(pointed, DIRECTORY, 16, 4, crc);
        return Archives.patched(pointed, DIRECTORY, 24, 4, 90_000);
    }

    private static byte[] cut(byte[] archive, int bytes) {
        return Arrays.copyOf(archive, archive.length - bytes);
    }

    private static byte[] damagedGzip() {
        var gzip = Archives.gzip(tar("a", "b"));
        gzip[gzip.length - 6] ^= 1;
        return gzip;
    }

    private static byte[] damagedHeader(byte[] tar) {
        tar[1_024 + 148] ^= 1;
        return tar;
    }

    private static byte[] hugeHeader() {
        return Archives.tar(
                tar -> {
                    var entry = new TarArchiveEntry("a");
                    entry.addPaxHeader("comment", "x".repeat(2 << 20));
                    Archives.put(tar, entry, new byte[0]);
                });
    }
}
