package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest.Await;
import dev.capstan.content.spi.Range;
import dev.capstan.download.ErrorClass;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.http.move.Precedents.Precedent;
import dev.capstan.transfer.spi.TransferResult.End;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("P9 to P12: several connections, demand, back-pressure")
class ConnectionsTest {
    private static final Body BODY = Body.random(12_000_000, 1);
    private static final int SPEED = 2_000_000;
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir Path folder;

    private final Origin origin = Origin.plain();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() {
        rig.close();
        origin.close();
    }

    @Test
    void addsConnectionsWhileTheyPay() throws Exception {
        var most = new AtomicInteger();
        var file = Resource.of(BODY).pace(SPEED);
        origin.serve(
                "/f",
                exchange -> {
                    most.accumulateAndGet(origin.openConnections(), Math::max);
                    file.handle(exchange);
                });

        var transfer = rig.connections(4).start(origin.uri("/f"));
        assertThat(Rig.await(transfer).end()).isEqualTo(End.COMPLETE);

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        // One that was left may not be closed on the other side yet.
        assertThat(most.get()).isBetween(3, 5);
        assertThat(transfer.received()).isLessThan(BODY.length() + 2_000_000);
    }

    @Test
    void asManyAsPaidBeforeAreTriedAtOnce() throws Exception {
        var most = new AtomicInteger();
        // Four bring so much that others would not be tried so near the end.
        var file = Resource.of(BODY).pace(3_000_000);
        origin.serve(
                "/f",
                exchange -> {
                    most.accumulateAndGet(origin.openConnections(), Math::max);
                    file.handle(exchange);
                });
        rig.engine.precedents().found("127.0.0.1", new Precedent(8, 4, 1));

        rig.connections(8).fetch(origin.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(most.get()).isGreaterThanOrEqualTo(8);
    }

    @Test
    void whereFurtherConnectionsAreRefusedTheyAreNotBegunWithAgain() throws Exception {
        rig.engine.precedents().found("127.0.0.1", new Precedent(4, 1, 1));

        refusesFurther(exchange -> exchange.answer(503, ""));

        assertThat(rig.engine.precedents().of("127.0.0.1")).isNull();
    }

    @Test
    void oneConnectionStaysOne() throws Exception {
        origin.serve("/f", Resource.of(BODY).pace(8_000_000));

        rig.connections(1).fetch(origin.uri("/f"));

        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void withoutAValidatorThereIsOneConnection() throws Exception {
        origin.serve("/f", Resource.of(BODY).etag(null).pace(5_000_000));

        rig.connections(4).fetch(origin.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.log()).hasSize(1);
    }

    @Test
    @DisplayName("25: 503 on further connections: whole with fewer")
    void goesOnWithFewerWhenFurtherConnectionsAreRefused() throws Exception {
        refusesFurther(exchange -> exchange.answer(503, "", "Retry-After: 600"));
    }

    @Test
    @DisplayName("25: 403 on further connections: whole with fewer")
    void goesOnWithFewerWhenFurtherConnectionsAreForbidden() throws Exception {
        refusesFurther(exchange -> exchange.answer(403, ""));
    }

    @Test
    void goesOnWithFewerWhenFurtherConnectionsAreReset() throws Exception {
        refusesFurther(Exchange::reset);
    }

    @Test
    void goesOnWithOneWhenFurtherConnectionsSeeAnotherVersion() throws Exception {
        refusesFurther(Resource.of(Body.random(BODY.length(), 9)).etag("\"v2\""));
    }

    @Test
    void goesOnWithOneWhenFurtherConnectionsGetTheWholeFile() throws Exception {
        refusesFurther(Resource.of(BODY).withoutRanges());
    }

    private void refusesFurther(Handler refusal) throws Exception {
        var file = Resource.of(BODY).pace(5_000_000);
        // The first to ask need not be the first that was accepted.
        var first = new AtomicInteger();
        origin.serve(
                "/f",
                exchange -> {
                    first.compareAndSet(0, exchange.connection());
                    var isFirst = exchange.connection() == first.get();
                    (isFirst ? file : refusal).handle(exchange);
                });

        assertThat(rig.connections(4).fetch(origin.uri("/f")).end()).isEqualTo(End.COMPLETE);

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(rig.ingest.restarts()).isEmpty();
        assertThat(origin.log().get(0).bodyBytes()).isEqualTo(BODY.length());
    }

    @Test
    void lostConnectionsAreMadeUpFor() throws Exception {
        var file = Resource.of(BODY).pace(SPEED);
        origin.serve(
                "/f",
                exchange -> {
                    if (exchange.number() < 6) {
                        exchange.cutAfter(500_000L * exchange.number());
                    }
                    file.handle(exchange);
                });

        rig.connections(4).fetch(origin.uri("/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    @DisplayName("P11: what a reader waits for has a connection of its own")
    void demandGoesBeforeEverythingElse() throws Exception {
        origin.serve("/f", Resource.of(BODY).pace(1_000_000));
        var transfer = rig.connections(1).start(origin.uri("/f"));
        assertThat(rig.ingest.awaitDownloaded(100_000, SOON)).isTrue();
        var wanted = new Range(11_000_000, 11_100_000);

        rig.ingest.demand(wanted);

        assertThat(rig.ingest.await(wanted, SOON)).isEqualTo(Await.PRESENT);
        assertThat(rig.ingest.downloaded()).isLessThan(6_000_000);
        transfer.stop();
        Rig.await(transfer);
    }

    @Test
    @DisplayName("P10: never further ahead than wanted, and on when a reader moves")
    void staysWithinTheHorizon() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        rig.ingest.horizon(256 << 10);
        var transfer = rig.connections(4).start(origin.uri("/f"));
        assertThat(rig.ingest.awaitDownloaded(256 << 10, SOON)).isTrue();
        assertThat(rig.ingest.awaitDownloaded((256 << 10) + 1, Duration.ofMillis(300))).isFalse();

        rig.ingest.horizon(1 << 20);

        assertThat(rig.ingest.awaitDownloaded(1 << 20, SOON)).isTrue();
        assertThat(rig.ingest.downloaded()).isEqualTo(1 << 20);
        rig.ingest.horizon(Long.MAX_VALUE);
        assertThat(Rig.await(transfer).end()).isEqualTo(End.COMPLETE);
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    @DisplayName(
            "P9, P10: a reader that is faster than one connection gets more, within the horizon")
    void addsConnectionsWithinTheHorizon() throws Exception {
        var file = Resource.of(BODY).pace(SPEED);
        var most = new AtomicInteger();
        origin.serve(
                "/f",
                exchange -> {
                    most.accumulateAndGet(origin.openConnections(), Math::max);
                    file.handle(exchange);
                });
        rig.ingest.horizon(4_000_000);

        var transfer = rig.connections(8).start(origin.uri("/f"));

        assertThat(rig.ingest.awaitDownloaded(4_000_000, SOON)).isTrue();
        assertThat(most.get()).isGreaterThanOrEqualTo(3);
        assertThat(rig.ingest.downloaded()).isEqualTo(4_000_000);
        rig.ingest.horizon(Long.MAX_VALUE);
        assertThat(Rig.await(transfer).end()).isEqualTo(End.COMPLETE);
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void limitHoldsAndMayChange() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        var transfer = rig.limit(1_000_000).start(origin.uri("/f"));
        var start = System.nanoTime();
        assertThat(rig.ingest.awaitDownloaded(1_000_000, SOON)).isTrue();
        assertThat(System.nanoTime() - start).isGreaterThan(700_000_000L);

        transfer.limit(1, 0);

        assertThat(Rig.await(transfer).end()).isEqualTo(End.COMPLETE);
        // What was left would take 11 seconds at the old rate.
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @Test
    void limitOfAllCountsAtOnceForRunningTransfers() throws Exception {
        origin.serve("/f", Resource.of(BODY).pace(4_000_000));
        var transfer = rig.start(origin.uri("/f"));
        assertThat(rig.ingest.awaitDownloaded(1_000_000, SOON)).isTrue();

        rig.engine.change(Rig.limited(500_000));

        var before = transfer.received();
        // Half a second is enough to tell 250 kB from 2 MB.
        assertThat(rig.ingest.awaitDownloaded(before + 1_000_000, Duration.ofMillis(500)))
                .isFalse();
        assertThat(transfer.received() - before).isBetween(1L, 600_000L);
        transfer.stop();
        Rig.await(transfer);
    }

    @Test
    void aCrowdedHostGetsNoSecondConnection() throws Exception {
        origin.serve("/f", Resource.of(BODY).pace(4_000_000));
        rig.engine.change(Rig.crowded());

        rig.connections(4).fetch(origin.uri("/f"));

        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    @DisplayName("T4: a first byte that does not come in time ends the attempts")
    void endsWhenNoFirstByteComes() throws Exception {
        origin.serve("/f", exchange -> exchange.answer(503, "", "Retry-After: 25"));
        rig.firstByteWithin(Duration.ofMillis(300));
        var start = System.nanoTime();

        var failure = rig.failure(origin.uri("/f"));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.RATE_LIMITED);
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    }

    @Test
    void whatIsThereAlreadyNeedsNoRequest() throws Exception {
        var small = Body.random(1000, 1);
        rig.ingest.with(
                new Identity(1000, new Validator("\"v1\"", null, false, null), null),
                0,
                small.bytes());

        assertThat(rig.fetch(origin.uri("/f")).end()).isEqualTo(End.COMPLETE);

        assertThat(origin.log()).isEmpty();
    }
}
