package dev.capstan.room.provider.piece;

import static java.nio.charset.StandardCharsets.US_ASCII;
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

    private static final String KIND = "is neither a plain file nor a folder";
    private static final String TWICE = "is there twice, or under a name";
    private static final String WITHIN = "lies in what is there under a name";
    private static final String ENCRYPTED = "is encrypted";
    private static final String METHOD = "is packed in a way that is not known";
    private static final String SIZE = "has not the size that the archive says";
    private static final String GROWS = "become more than 100 times as large";
    private static final String MANY = "more than 100,000 entries";

    private static final Map<String, Bad> CORPUS = corpus();

    /** An archive and what is said of it. */
    private record Bad(Supplier<byte[]> archive, String words) {}

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
        var bad = CORPUS.get(name);
        var archive = bad.archive().get();

        assertThatThrownBy(() -> place(archive, kind(name)))
                .hasMessageStartingWith("The archive is refused: ")
                .hasMessageContaining(bad.words())
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

    private static Map<String, Bad> corpus() {
        var all = new TreeMap<String, Bad>();
        var good = Archives.zip(Archives.file("a", "0123456789".repeat(20)));
        bad(all, "zip: symbolic link", KIND, () -> Archives.zip(Archives.special("a", 0120777)));
        bad(all, "zip: character device", KIND, () -> Archives.zip(Archives.special("a", 0020666)));
        bad(all, "zip: pipe", KIND, () -> Archives.zip(Archives.special("a", 0010666)));
        bad(
                all,
                "zip: folder in a file's name",
                KIND,
                () -> Archives.zip(Archives.special("a", 040755)));
        bad(all, "zip: twice", TWICE, () -> zip("a", "b", "a"));
        bad(all, "zip: twice but for case", TWICE, () -> zip("Ryu", "rYU"));
        bad(all, "zip: twice but for sharp s", TWICE, () -> zip("stra\u00dfe", "STRASSE"));
        bad(all, "zip: twice but for form", TWICE, () -> zip("\u00e9", "e\u0301"));
        bad(all, "zip: folders twice but for case", WITHIN, () -> zip("A/x", "a/y"));
        bad(all, "zip: file and folder", WITHIN, () -> zip("a", "a/b"));
        bad(all, "zip: folder and file", TWICE, () -> zip("a/b", "A"));
        bad(all, "zip: encrypted", ENCRYPTED, () -> Archives.patched(good, DIRECTORY, 8, 2, 1));
        bad(all, "zip: AES", METHOD, () -> Archives.patched(good, DIRECTORY, 10, 2, 99));
        bad(
                all,
                "zip: strongly encrypted",
                ENCRYPTED,
                () -> Archives.patched(good, DIRECTORY, 8, 2, 0x41));
        bad(all, "zip: method unknown", METHOD, () -> Archives.patched(good, DIRECTORY, 10, 2, 6));
        bad(
                all,
                "zip: more bytes than said",
                SIZE,
                () -> Archives.patched(good, DIRECTORY, 24, 4, 7));
        bad(
                all,
                "zip: fewer bytes than said",
                SIZE,
                () -> Archives.patched(good, DIRECTORY, 24, 4, 900));
        bad(
                all,
                "zip: wrong check value",
                "It is damaged (a check value is wrong).",
                () -> Archives.patched(good, DIRECTORY, 16, 4, 1));
        bad(
                all,
                "zip: no local header",
                "It is damaged",
                () -> Archives.patched(good, LOCAL, 26, 2, 0xFFFF));
        bad(all, "zip: cut off", "It is damaged", () -> cut(good, 30));
        bad(all, "zip: says 3 GB", GROWS, () -> Archives.patched(good, DIRECTORY, 24, 4, 3L << 30));
        bad(
                all,
                "zip: zeros that grow by more than 100",
                GROWS,
                () -> Archives.zip(new Archives.Entry("a", new byte[11 << 20], 0)));
        bad(all, "zip: one piece of data under many names", GROWS, BadArchivesTest::overlapping);
        bad(all, "zip: far too many entries", MANY, () -> zip(260_000));
        bad(all, "said to be zip, and is nothing", "It is no zip file.", () -> new byte[600]);
        bad(
                all,
                "said to be zip, and is tar",
                "It is no zip file.",
                () -> Archives.tar(Archives.file("a", "b")));
        bad(all, "said to be tar, and is zip", "It is no tar file.", () -> good);
        bad(
                all,
                "said to be tar.gz, and is tar",
                "It is no tar file in gzip.",
                () -> Archives.tar(Archives.file("a", "b")));
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
            bad(all, "tar: " + flag.getKey(), KIND, () -> Archives.tarOf(flag.getValue()));
        }
        bad(all, "tar: twice", TWICE, () -> tar("a", "b", "a"));
        bad(all, "tar: twice but for case", WITHIN, () -> tar("chars/Ryu", "CHARS/ryu"));
        bad(
                all,
                "tar: cut off, in gzip",
                "It is damaged",
                () -> Archives.gzip(Arrays.copyOf(tar("a", "b"), 700)));
        bad(all, "tar: cut off", "It is cut off.", () -> Arrays.copyOf(tar("a", "b"), 1_200));
        bad(
                all,
                "tar: cut off between entries",
                "It is cut off.",
                () -> Arrays.copyOf(tar("a", "b"), 1_024));
        bad(all, "tar: gzip cut off", "It is damaged", () -> cut(Archives.gzip(tar("a", "b")), 12));
        bad(all, "tar: wrong check value of gzip", "It is damaged", BadArchivesTest::damagedGzip);
        bad(
                all,
                "tar: wrong sum of a header",
                "It is damaged (the sum of a header is wrong).",
                () -> damagedHeader(tar("a", "b")));
        bad(
                all,
                "tar: zeros that grow by more than 100",
                GROWS,
                () -> Archives.gzip(Archives.tar(new Archives.Entry("a", new byte[11 << 20], 0))));
        bad(all, "tar: too many entries", MANY, () -> tar(100_001));
        bad(
                all,
                "tar: names too long",
                "The names in it are too long.",
                BadArchivesTest::longNames);
        bad(
                all,
                "tar: a header of 2 MB",
                "The header of an entry is too large.",
                BadArchivesTest::hugeHeader);
        return all;
    }

    private static void bad(
            Map<String, Bad> all, String name, String words, Supplier<byte[]> archive) {
        all.put(name, new Bad(archive, words));
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

    /** 40,000 files in one folder, which have 19 million characters in all. */
    private static byte[] longNames() {
        return Archives.gzip(
                out -> {
                    var before = "n".repeat(240) + "/" + "n".repeat(240);
                    var one = Archives.gnu(before + "000000");
                    for (var i = 0; i < 40_000; i++) {
                        var digits = String.format("%06d", i).getBytes(US_ASCII);
                        // The name lies in the block behind the first header.
                        System.arraycopy(digits, 0, one, 512 + before.length(), digits.length);
                        out.write(one);
                    }
                    out.write(new byte[1_024]);
                });
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
