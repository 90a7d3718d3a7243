package dev.capstan.download.provider;

import static dev.capstan.download.provider.PlayingTest.later;
import static dev.capstan.download.provider.PlayingTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.content.ContentReader;
import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The numbers of reading while it downloads, with the real engine, the real store and an origin on
 * a real socket; in the open and enciphered.
 */
class ProgressiveTest extends HouseTest {
    private static final int SIZE = 1_024_000;
    private static final int CUT = 512_000;
    private static final int SEEK = 700_000;
    private static final long LOOK_AHEAD = 256_000;
    private static final SourceKey KEY = new SourceKey("acme", "x");
    private static final String LINK = "acme://x";

    private final Origin origin = Origin.plain();
    private TransferEngine engine;

    @BeforeEach
    void enter() {
        house.engineGoes();
        engineComes();
    }

    @AfterEach
    void leave() {
        house.downloads.removeEngine(engine);
        Parts.deactivate(engine, "deactivate");
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSeekBehindWhereTheServerClosedTheStreamIsServedAndTheFileBecomesComplete(
            boolean enciphered) throws Exception {
        var plain = Body.random(SIZE, 1);
        serve(plain, enciphered, exchange -> cutFirst(exchange));
        var id = stream(LOOK_AHEAD);
        try (var reader = House.get(house.downloads.open(id))) {
            assertThat(read(reader, SEEK, 1)).isEqualTo(plain.bytes(SEEK, SEEK + 1));
            assertThat(read(reader, 0, SIZE)).isEqualTo(plain.bytes());
        }
        assertThat(house.awaitCompleted(id).digest()).isEqualTo(Digest.sha256(plain.sha256()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRestartGoesOnWithThePartialFileAndFetchesNothingOfItAgain(boolean enciphered)
            throws Exception {
        var plain = Body.random(SIZE, 2);
        serve(plain, enciphered, exchange -> cutFirst(exchange));
        var id = stream(LOOK_AHEAD);
        try (var reader = House.get(house.downloads.open(id))) {
            assertThat(read(reader, 0, 100_000)).isEqualTo(plain.bytes(0, 100_000));
            // The filler need not hear of each small step of a reader.
            Await.until(() -> house.get(id).metrics().downloaded() >= LOOK_AHEAD);
        }
        var there = house.get(id).metrics().downloaded();
        stop();
        var requests = origin.log().size();
        start();

        try (var reader = House.get(house.downloads.open(id))) {
            assertThat(read(reader, SEEK, 1000)).isEqualTo(plain.bytes(SEEK, SEEK + 1000));
            assertThat(read(reader, 0, SIZE)).isEqualTo(plain.bytes());
        }

        house.awaitCompleted(id);
        var again = origin.log().subList(requests, origin.log().size());
        assertThat(again).isNotEmpty();
        assertThat(again).allMatch(request -> request.from() >= there);
    }

    @Test
    void gapsAreFilledEachByteOnceOverNoMoreConnectionsThanAllowed() throws Exception {
        var gap = 3_000_000;
        var island = 200_000;
        var plain = Body.random(5L * gap + 6L * island, 3);
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        var resource = Resource.of(plain).etag("\"v\"");
        origin.serve(
                "/x",
                exchange -> {
                    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                    try {
                        resource.handle(exchange);
                    } finally {
                        atOnce.decrementAndGet();
                    }
                });
        resolveTo(null);
        try (var ingest = house.contents.ingest(new IngestRequest(KEY, null));
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(
                    new Identity(plain.length(), new Validator("\"v\"", null, false, null), null));
            for (var i = 0; i < 6; i++) {
                var at = (long) i * (gap + island);
                try (var lane = filler.lane(at)) {
                    lane.write(ByteBuffer.wrap(plain.bytes(at, at + island)));
                }
            }
        }
        var id =
                House.idOf(
                        house.add(
                                House.request(LINK)
                                        .options(new DownloadOptions(2, 0, null, null, false))));

        house.awaitCompleted(id);

        house.assertPlaced(id, plain.bytes());
        assertThat(origin.bodyBytes()).isEqualTo(5L * gap);
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void manyReadersShareOneTransferAndOneThatLeavesHarmsNobody(int count) throws Exception {
        var plain = Body.random(3_000_000, 4);
        serve(plain, false, exchange -> {});
        var id = stream(64 << 10);
        var leaving = House.get(house.downloads.open(id));
        var readers = new ArrayList<ContentReader>();
        var results = new ArrayList<CompletableFuture<byte[]>>();
        for (var i = 1; i < count; i++) {
            var reader = House.get(house.downloads.open(id));
            readers.add(reader);
            results.add(later(() -> read(reader, 0, (int) plain.length())));
        }
        read(leaving, 0, 1000);
        leaving.close();

        for (var result : results) {
            assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(plain.bytes());
        }
        readers.forEach(ContentReader::close);
        house.awaitCompleted(id);
        assertThat(origin.bodyBytes()).isEqualTo(plain.length());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 256 << 10})
    void aReaderThatStandsStillHoldsTheTransferBack(long lookAhead) throws Exception {
        var plain = Body.random(8 << 20, 5);
        serve(plain, false, exchange -> {});
        var id = stream(lookAhead);
        try (var reader = House.get(house.downloads.open(id))) {
            for (var step = 0; step < 10; step++) {
                var at = step * 300_000;
                assertThat(read(reader, at, 300_000)).isEqualTo(plain.bytes(at, at + 300_000));
                var reached = at + 300_000;
                Await.until(() -> house.get(id).metrics().downloaded() >= reached + lookAhead);
                assertThat(house.get(id).metrics().downloaded())
                        .isLessThanOrEqualTo(reached + lookAhead + (64 << 10));
            }
            assertThat(read(reader, 3_000_000, 8 << 20)).isEqualTo(plain.bytes(3_000_000, 8 << 20));
        }
        house.awaitCompleted(id);
        // What one reader reads front to back is one request.
        assertThat(origin.log()).hasSize(1);
    }

    @Test
    void whereARangeIsRefusedForGoodWhoWaitsForItFailsOthersReadOnAndNothingIsCommitted()
            throws Exception {
        var plain = Body.random(SIZE, 6);
        var resource = Resource.of(plain).etag("\"v\"");
        origin.serve(
                "/x",
                exchange -> {
                    if (exchange.from() > 0) {
                        exchange.answer(404, "Gone");
                    } else {
                        resource.handle(exchange.cutAfter(CUT));
                    }
                });
        resolveTo(null);
        var id = House.idOf(house.add(House.request(LINK).cacheOnly(true)));
        try (var waiting = House.get(house.downloads.open(id));
                var other = House.get(house.downloads.open(id))) {
            var late = later(() -> read(waiting, SEEK, 1));
            assertThat(read(other, 0, CUT)).isEqualTo(plain.bytes(0, CUT));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> late.get(20, TimeUnit.SECONDS))
                    .havingCause()
                    .isInstanceOfSatisfying(
                            DownloadException.class,
                            e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.NOT_FOUND));
            house.await(id, DownloadState.FAILED);
            assertThat(read(other, 1000, CUT - 1000)).isEqualTo(plain.bytes(1000, CUT));
        }
        assertThat(house.contents.usage().items()).isZero();
    }

    @Test
    void anySeekAlignedOrNotReadsPlainBytesWhileManyConnectionsFetchEnciphered() throws Exception {
        var plain = Body.random(24 << 20, 7);
        serve(plain, true, exchange -> exchange.pace(3 << 20));
        var id = House.idOf(house.add(House.request(LINK)));
        Await.until(() -> house.get(id).metrics().connections() >= 4);
        var random = new Random(7);
        try (var reader = House.get(house.downloads.open(id))) {
            for (var seek = 0; seek < 100; seek++) {
                var at = random.nextInt((int) plain.length() - 5000);
                var from = seek % 3 == 0 ? at - at % PairCipher.ALIGNMENT : at;
                var length = 1 + random.nextInt(5000);
                assertThat(read(reader, from, length)).isEqualTo(plain.bytes(from, from + length));
            }
        }
        house.assertPlaced(house.awaitCompleted(id).id(), plain.bytes());
    }

    @Test
    void p11_aSeekFarAheadIsOneMoreRequestForExactlyThatPlace() throws Exception {
        var plain = Body.random(1 << 30, 8);
        serve(plain, false, exchange -> exchange.pace(1 << 20));
        var id = stream(16 << 20);
        try (var reader = House.get(house.downloads.open(id))) {
            assertThat(read(reader, 0, 1)).isEqualTo(plain.bytes(0, 1));
            var seek = (1L << 30) / 10 * 9;

            assertThat(read(reader, seek, 1)).isEqualTo(plain.bytes(seek, seek + 1));

            // A round trip for the connection, one for the request: the third one is to spare.
            assertThat(origin.log()).hasSize(2);
            assertThat(origin.log().get(1).from()).isEqualTo(seek);
        }
    }

    @Test
    void p11_whereTheServerTakesOneConnectionOnlyItIsTheOneThatSeeks() throws Exception {
        var plain = Body.random(64 << 20, 9);
        var busy = new AtomicInteger();
        var resource = Resource.of(plain).etag("\"v\"");
        origin.serve(
                "/x",
                exchange -> {
                    try {
                        if (busy.incrementAndGet() > 1) {
                            exchange.answer(503, "One at a time");
                        } else {
                            resource.handle(exchange.pace(256 << 10));
                        }
                    } finally {
                        busy.decrementAndGet();
                    }
                });
        resolveTo(null);
        var id = stream(16 << 20);
        try (var reader = House.get(house.downloads.open(id))) {
            read(reader, 0, 1);
            for (var seek : List.of(50L << 20, 20L << 20, 40L << 20)) {
                assertThat(read(reader, seek, 1000)).isEqualTo(plain.bytes(seek, seek + 1000));
            }
        }
    }

    @Test
    void aCipherThatOnlyGoesFromFrontToBackIsReadableWhenAllIsThereHoweverShortTheLookAhead()
            throws Exception {
        var plain = Body.random(SIZE, 10);
        serve(plain, PairCipher.spec(Integer.MAX_VALUE), exchange -> {});
        var id = stream(1000);
        try (var reader = House.get(house.downloads.open(id))) {
            assertThat(read(reader, SEEK, 5)).isEqualTo(plain.bytes(SEEK, SEEK + 5));
            assertThat(reader.isVerified()).isTrue();
        }
    }

    // --- the world of these tests

    private static void cutFirst(Exchange exchange) {
        if (exchange.number() == 1) {
            exchange.cutAfter(CUT);
        }
    }

    /** Breaks an answer. */
    private interface Fault {
        void in(Exchange exchange);
    }

    private void serve(Body plain, boolean enciphered, Fault fault) {
        serve(plain, enciphered ? PairCipher.spec(PairCipher.ALIGNMENT) : null, fault);
    }

    private void serve(Body plain, CipherSpec cipher, Fault fault) {
        var wire = cipher == null ? plain : Body.of(PairCipher.encipher(plain.bytes()));
        var resource = Resource.of(wire).etag("\"v\"");
        origin.serve(
                "/x",
                exchange -> {
                    fault.in(exchange);
                    resource.handle(exchange);
                });
        resolveTo(cipher);
    }

    private void resolveTo(CipherSpec cipher) {
        house.host.on(
                LINK,
                (link, context) -> {
                    var file = RemoteFile.of(KEY, DirectLink.of(origin.uri("/x"))).name("x");
                    return new Resolution.Found(cipher == null ? file : file.cipher(cipher));
                });
    }

    private String stream(long lookAhead) {
        return House.idOf(house.add(House.request(LINK).cacheOnly(true).lookAhead(lookAhead)));
    }

    private void stop() {
        house.downloads.removeEngine(engine);
        Parts.deactivate(engine, "deactivate");
        house.stop();
    }

    private void start() {
        house.start();
        house.engineGoes();
        engineComes();
    }

    private void engineComes() {
        engine =
                Parts.make(
                        "dev.capstan.transfer.http.HttpTransferEngine", TransferEngine.class, data);
        Parts.bind(house.contents, Decryptor.class, new PairCipher(), PairCipher.PROPERTIES);
        house.downloads.addEngine(
                engine, Map.of(TransferEngine.SCHEMES, new String[] {"http", "https"}));
    }

    /** A cipher of whole units: the second half of each is mixed with the first. */
    private static final class PairCipher implements Decryptor {
        static final int ALIGNMENT = 48;
        static final Map<String, Object> PROPERTIES = Map.of(SCHEMES, new String[] {"PAIR"});

        static CipherSpec spec(int alignment) {
            return new CipherSpec(
                    "PAIR", Map.of("alignment", String.valueOf(alignment)), "test:key");
        }

        static byte[] encipher(byte[] plain) {
            var wire = plain.clone();
            mix(0, ByteBuffer.wrap(wire), true);
            return wire;
        }

        @Override
        public Transform open(CipherSpec spec) {
            var alignment = Integer.parseInt(spec.parameters().get("alignment"));
            return new Transform() {
                @Override
                public int alignment() {
                    return alignment;
                }

                @Override
                public void decrypt(long position, ByteBuffer bytes) {
                    if (position % alignment != 0) {
                        throw new IllegalArgumentException("Off the alignment: " + position);
                    }
                    mix(position, bytes, false);
                }
            };
        }

        private static void mix(long position, ByteBuffer bytes, boolean forwards) {
            for (var unit = bytes.position(); unit < bytes.limit(); unit += ALIGNMENT) {
                var length = Math.min(bytes.limit() - unit, ALIGNMENT);
                for (var n = 0; n < length; n++) {
                    // Undone in the opposite order, so that each byte finds what it was mixed with.
                    var i = forwards ? n : length - 1 - n;
                    var at = position + unit - bytes.position() + i;
                    var other = i < ALIGNMENT / 2 ? 0 : bytes.get(unit + i - ALIGNMENT / 2) * 3;
                    bytes.put(unit + i, (byte) (bytes.get(unit + i) ^ (at * 31) ^ other));
                }
            }
        }
    }
}
