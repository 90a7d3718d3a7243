package dev.capstan.itest.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One warm host beside the web servers that most files come from. A {@link Gate} stands between
 * them where a moment has to be hit.
 */
class RealServersTest {
    private static final int MIB = 1 << 20;
    private static final int SIZE = 4 * MIB;

    /** Old enough that the date alone tells one version from another. */
    private static final Instant LONG_AGO = Instant.now().minus(Duration.ofDays(3));

    private static final Map<Brand, RealServer> SERVERS = new EnumMap<>(Brand.class);

    @TempDir static Path root;
    private static WarmHost host;
    private final List<Gate> gates = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        for (var brand : Brand.values()) {
            if (brand.missing().isEmpty()) {
                var folder = Files.createDirectories(root.resolve(brand.name()));
                SERVERS.put(brand, RealServer.start(brand, folder));
            }
        }
        host = WarmHost.start(root);
    }

    @AfterEach
    void closeGates() throws IOException {
        for (var gate : gates) {
            gate.close();
        }
    }

    @AfterAll
    static void end() throws Exception {
        for (var server : SERVERS.values()) {
            server.close();
        }
        if (host != null) {
            host.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileComesWithOneRequest(Brand brand) throws Exception {
        var server = server(brand);
        var body = bytes(SIZE, brand);
        server.put("/whole", body, LONG_AGO);

        var id = host.add("-x", "1", uri(server.port(), "/whole"));

        assertThat(host.fileOf(id)).hasBinaryContent(body);
        assertThat(server.hits("/whole", 1))
                .singleElement()
                .satisfies(hit -> assertThat(hit.status()).isEqualTo(200))
                .satisfies(hit -> assertThat(hit.bytes()).isIn((long) SIZE, -1L));
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyFileIsAFile(Brand brand) throws Exception {
        var server = server(brand);
        server.put("/empty", new byte[0], LONG_AGO);

        var id = host.add(uri(server.port(), "/empty"));

        assertThat(host.fileOf(id)).isEmptyFile();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsNotFound(Brand brand) throws Exception {
        var server = server(brand);

        var id = host.add(uri(server.port(), "/nothing"));

        assertThat(host.ended(id).error()).isEqualTo("NOT_FOUND");
    }

    @Test
    void onASlowLinkFourConnectionsShareAFile() throws Exception {
        var all = everywhere("/shared", 2 * SIZE, port -> Gate.slow(port, 2 * MIB), "4");

        for (var one : all) {
            var size = 2 * SIZE;
            assertThat(host.fileOf(one.id)).hasBinaryContent(bytes(size, one.brand));
            if (one.brand.hasRanges()) {
                assertThat(one.gate.mostOpen()).as(one.brand.toString()).isGreaterThan(1);
                assertThat(server(one.brand).hits("/shared", 2))
                        .anySatisfy(hit -> assertThat(hit.status()).isEqualTo(206));
            } else {
                assertThat(server(one.brand).hits("/shared", 1))
                        .allSatisfy(hit -> assertThat(hit.status()).isEqualTo(200));
            }
            // A connection that others have relieved of its rest has a socket's buffer on its way.
            assertThat(one.gate.passed()).as(one.brand.toString()).isLessThan(size + MIB);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pausedAtHalfItGoesOnFromThere(Brand brand) throws Exception {
        var server = server(brand);
        var body = bytes(SIZE, brand);
        server.put("/paused", body, LONG_AGO);
        try (var gate = Gate.shutAfter(server.port(), SIZE / 2)) {
            var id = host.add("-x", "1", uri(gate.port(), "/paused"));
            var there = host.pauseBefore(gate, id);

            gate.open();
            host.resume(id);

            assertThat(host.fileOf(id)).hasBinaryContent(body);
            goesOnFrom(there, server, "/paused");
        }
    }

    @Test
    void killedAtHalfAllGoOnFromThere() throws Exception {
        var all = everywhere("/killed", SIZE, port -> Gate.shutAfter(port, SIZE / 2), "1");
        var there = new EnumMap<Brand, Long>(Brand.class);
        for (var one : all) {
            there.put(one.brand, host.awaitAllBefore(one.gate, one.id));
        }

        host.kill();
        for (var one : all) {
            one.gate.open();
        }
        host.startAgain();

        for (var one : all) {
            assertThat(host.fileOf(one.id)).hasBinaryContent(bytes(SIZE, one.brand));
            goesOnFrom(there.get(one.brand), server(one.brand), "/killed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatChangedDuringAPauseIsTheNewOne(Brand brand) throws Exception {
        var server = server(brand);
        server.put("/changed", bytes(SIZE, brand), LONG_AGO);
        try (var gate = Gate.shutAfter(server.port(), SIZE / 2)) {
            var id = host.add("-x", "1", uri(gate.port(), "/changed"));
            host.pauseBefore(gate, id);
            var other = otherBytes(SIZE, brand);

            server.put("/changed", other, LONG_AGO.plusSeconds(86_400));
            gate.open();
            host.resume(id);

            assertThat(host.fileOf(id)).hasBinaryContent(other);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatChangedWhileTheConnectionWasCutIsTheNewOne(Brand brand) throws Exception {
        var server = server(brand);
        server.put("/cut", bytes(SIZE, brand), LONG_AGO);
        try (var gate = Gate.shutAfter(server.port(), SIZE / 2)) {
            var id = host.add("-x", "1", uri(gate.port(), "/cut"));
            host.awaitAllBefore(gate, id);
            var other = otherBytes(SIZE + 1000, brand);

            server.put("/cut", other, Instant.now());
            gate.cut();
            gate.open();

            assertThat(host.fileOf(id)).hasBinaryContent(other);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatNowEndsWhereItWasPausedIsTheShortOne(Brand brand) throws Exception {
        shortens(brand, "/untagged/short", there -> there);
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatShrankBelowThePauseIsTheShortOne(Brand brand) throws Exception {
        shortens(brand, "/untagged/shrunk", there -> there / 2);
    }

    /** The date is the same and there is no tag: only the range that is gone tells. */
    private static void shortens(Brand brand, String path, LongUnaryOperator size)
            throws Exception {
        var server = server(brand);
        server.put(path, bytes(SIZE, brand), LONG_AGO);
        try (var gate = Gate.shutAfter(server.port(), SIZE / 2)) {
            var id = host.add("-x", "1", uri(gate.port(), path));
            var there = host.pauseBefore(gate, id);
            var other = otherBytes((int) size.applyAsLong(there), brand);

            server.put(path, other, LONG_AGO);
            gate.open();
            host.resume(id);

            assertThat(host.fileOf(id)).hasBinaryContent(other);
            if (brand.hasRanges()) {
                var hits = server.hits(path, 3);
                assertThat(hits).extracting(RealServer.Hit::status).containsExactly(200, 416, 200);
                assertThat(hits.get(2).bytes()).as(hits.toString()).isEqualTo(other.length);
            }
        }
    }

    @Test
    void aFileThatChangedUnderFourConnectionsIsNeverAMixture() throws Exception {
        var size = 2 * SIZE;
        var all = everywhere("/mixed", size, port -> Gate.slow(port, 2 * MIB), "4");
        for (var one : all) {
            Capstan.await("half of it", () -> one.gate.passed() > SIZE);
            var other = otherBytes(size, one.brand);
            server(one.brand).put("/mixed", other, LONG_AGO.plusSeconds(86_400));
        }

        for (var one : all) {
            // Who asked for all of it before the change gets the old one, and rightly so.
            assertThat(Files.readAllBytes(host.fileOf(one.id)))
                    .as(one.brand.toString())
                    .satisfiesAnyOf(
                            found -> assertThat(found).isEqualTo(bytes(size, one.brand)),
                            found -> assertThat(found).isEqualTo(otherBytes(size, one.brand)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPromisedDigestRefusesAnotherVersion(Brand brand) throws Exception {
        var server = server(brand);
        // Bytes of its own: promised ones that are in the store already are not fetched at all.
        var promised = Body.random(SIZE, 2000 + brand.ordinal());
        server.put("/promised", promised.bytes(), LONG_AGO);
        try (var gate = Gate.shutAfter(server.port(), SIZE / 2)) {
            var digest = "sha-256=" + promised.sha256();
            var id = host.add("--checksum", digest, uri(gate.port(), "/promised"));
            host.pauseBefore(gate, id);

            server.put("/promised", otherBytes(SIZE, brand), Instant.now());
            gate.open();
            host.resume(id);

            var row = host.ended(id);
            assertThat(row.error()).as(row.json()).isEqualTo("CHECKSUM");
            assertThat(row.path()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOfferOfCompressionIsNotTaken(Brand brand) throws Exception {
        var server = server(brand);
        var text = text(SIZE, brand);
        server.put("/offered/text.txt", text, LONG_AGO);
        try (var gate = Gate.shutAfter(server.port(), SIZE / 2)) {
            var id = host.add("-x", "1", uri(gate.port(), "/offered/text.txt"));
            var there = host.pauseBefore(gate, id);

            gate.open();
            host.resume(id);

            assertThat(host.fileOf(id)).hasBinaryContent(text);
            goesOnFrom(there, server, "/offered/text.txt");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PYTHON")
    void compressionThatNobodyAskedForIsNoFile(Brand brand) throws Exception {
        var server = server(brand);
        var text = text(SIZE, brand);
        server.put("/forced/text.txt", text, LONG_AGO);
        server.put("/forced/text.txt.gz", gzip(text), LONG_AGO);

        var row = host.ended(host.add(uri(server.port(), "/forced/text.txt")));

        assertThat(row.error()).as(row.json()).isEqualTo("PROTOCOL");
        assertThat(row.json()).contains("compressed the answer (gzip) without being asked to");
        assertThat(row.path()).isNull();
    }

    /** So it is said of every archive where Apache was set up by its own examples. */
    @Test
    void anArchiveThatIsCalledCompressedIsTakenAsItIs() throws Exception {
        var server = server(Brand.APACHE);
        var archive = gzip(text(SIZE, Brand.APACHE));
        server.put("/archive.tgz", archive, LONG_AGO);

        var id = host.add(uri(server.port(), "/archive.tgz"));

        assertThat(host.fileOf(id)).hasBinaryContent(archive);
    }

    // ---- what happens

    /** A download from one of the servers, behind a gate of its own. */
    private record Going(Brand brand, Gate gate, String id) {}

    @FunctionalInterface
    private interface GateMaker {
        Gate make(int port) throws IOException;
    }

    /** Begins to fetch a file from all servers at once. */
    private List<Going> everywhere(String path, int size, GateMaker maker, String connections)
            throws IOException {
        assumeFalse(SERVERS.isEmpty(), "skipped: no web server is installed");
        var all = new ArrayList<Going>();
        for (var entry : SERVERS.entrySet()) {
            var brand = entry.getKey();
            entry.getValue().put(path, bytes(size, brand), LONG_AGO);
            var gate = maker.make(entry.getValue().port());
            gates.add(gate);
            all.add(new Going(brand, gate, host.add("-x", connections, uri(gate.port(), path))));
        }
        return all;
    }

    private static void goesOnFrom(long there, RealServer server, String path) throws Exception {
        var hits = server.hits(path, 2);
        var last = hits.get(hits.size() - 1);
        if (last.range().isEmpty()) {
            assertThat(last.status()).as(hits.toString()).isEqualTo(200);
        } else {
            assertThat(last.status()).as(hits.toString()).isEqualTo(206);
            assertThat(last.bytes())
                    .as(hits.toString())
                    .isBetween(SIZE - there, SIZE - there + MIB);
        }
    }

    // ---- what there is

    private static RealServer server(Brand brand) {
        assumeTrue(brand.missing().isEmpty(), () -> "skipped: " + brand.missing().get());
        return SERVERS.get(brand);
    }

    private static String uri(int port, String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private static byte[] bytes(int size, Brand brand) {
        return Body.random(size, brand.ordinal()).bytes();
    }

    private static byte[] otherBytes(int size, Brand brand) {
        return Body.random(size, 1000 + brand.ordinal()).bytes();
    }

    private static byte[] text(int size, Brand brand) {
        var line = (brand + " and a line like the other ones\n").getBytes(StandardCharsets.UTF_8);
        var text = new byte[size];
        for (var i = 0; i < size; i++) {
            text[i] = line[i % line.length];
        }
        return text;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var stream = new GZIPOutputStream(packed)) {
            stream.write(bytes);
        }
        return packed.toByteArray();
    }
}
