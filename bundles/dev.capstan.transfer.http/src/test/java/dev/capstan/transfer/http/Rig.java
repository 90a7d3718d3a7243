package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.capstan.content.Pieces;
import dev.capstan.content.Validator;
import dev.capstan.download.DownloadException;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.tck.Origin;
import dev.capstan.transfer.http.wire.Addresses;
import dev.capstan.transfer.http.wire.Guard;
import dev.capstan.transfer.http.wire.Proxies;
import dev.capstan.transfer.http.wire.Settings;
import dev.capstan.transfer.spi.Answer;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An engine with short limits in a small world: names that end in {@code .public} stand for public
 * hosts and lead to the origin like all others.
 */
final class Rig implements AutoCloseable {
    static final Settings QUICK = settings(16, 0, false, Set.of());

    /** A limit for all transfers. */
    static Settings limited(long bytesPerSecond) {
        return settings(16, bytesPerSecond, false, Set.of());
    }

    /** One connection is enough for every host. */
    static Settings crowded() {
        return settings(1, 0, false, Set.of());
    }

    /** Private addresses are open. */
    static Settings open(boolean all, String... hosts) {
        return settings(16, 0, all, Set.of(hosts));
    }

    /** What leads out of here is another than usual. */
    static Settings outside(
            Proxies proxies, Map<String, Set<String>> certificates, @Nullable Path netrc) {
        return settings(16, 0, false, Set.of(), proxies, certificates, netrc);
    }

    private static Settings settings(
            int connectionsPerHost, long bytesPerSecond, boolean open, Set<String> hosts) {
        return settings(
                connectionsPerHost, bytesPerSecond, open, hosts, Proxies.NONE, Map.of(), null);
    }

    private static Settings settings(
            int connectionsPerHost,
            long bytesPerSecond,
            boolean open,
            Set<String> hosts,
            Proxies proxies,
            Map<String, Set<String>> certificates,
            @Nullable Path netrc) {
        return new Settings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofMillis(700),
                100,
                Duration.ofMillis(1200),
                4,
                Duration.ofMillis(10),
                10,
                8,
                connectionsPerHost,
                bytesPerSecond,
                open,
                hosts,
                false,
                "Test",
                proxies,
                certificates,
                netrc);
    }

    final HttpTransferEngine engine;
    final TestIngest ingest;
    final List<Answer> answers = new CopyOnWriteArrayList<>();

    /** Is done when somebody asks for the name that is never resolved. */
    final CountDownLatch resolving = new CountDownLatch(1);

    private Trust trust = Trust.OPERATOR;
    private long size = -1;
    private int connections = 1;
    private long limit;
    private boolean expires;
    private boolean digest;
    private Pieces pieces;
    private long maxBytes;
    private Validator known;
    private Duration firstByteWithin;

    Rig(Path folder) {
        this(folder, QUICK);
    }

    Rig(Path folder, Settings settings) {
        Guard.Resolver resolver =
                name -> {
                    if (name.equals("never.test")) {
                        resolving.countDown();
                        new CompletableFuture<Void>().join();
                    }
                    if (name.endsWith(".public") || name.endsWith(".test")) {
                        return new InetAddress[] {
                            InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1})
                        };
                    }
                    return InetAddress.getAllByName(name);
                };
        engine =
                new HttpTransferEngine(
                        settings,
                        resolver,
                        address ->
                                // toString shows the name without looking it up.
                                !address.toString().contains(".public/")
                                        && Addresses.isPrivate(address),
                        Origin.clientContext());
        ingest = new TestIngest(folder);
    }

    Rig trust(Trust value) {
        trust = value;
        return this;
    }

    Rig size(long value) {
        size = value;
        return this;
    }

    Rig connections(int value) {
        connections = value;
        return this;
    }

    Rig limit(long bytesPerSecond) {
        limit = bytesPerSecond;
        return this;
    }

    Rig expires() {
        expires = true;
        return this;
    }

    Rig digestPromised() {
        digest = true;
        return this;
    }

    Rig maxBytes(long bytes) {
        maxBytes = bytes;
        return this;
    }

    Rig pieces(Pieces value) {
        pieces = value;
        return this;
    }

    Rig known(Validator value) {
        known = value;
        return this;
    }

    Rig firstByteWithin(Duration value) {
        firstByteWithin = value;
        return this;
    }

    Transfer start(URI... uris) {
        return start(Map.of(), uris);
    }

    Transfer start(Map<String, String> headers, URI... uris) {
        return engine.start(plan(headers, uris), ingest, answers::add);
    }

    TransferPlan plan(URI... uris) {
        return plan(Map.of(), uris);
    }

    private TransferPlan plan(Map<String, String> headers, URI... uris) {
        var links = List.of(uris).stream().map(uri -> new DirectLink(uri, headers)).toList();
        return new TransferPlan(
                "t",
                links,
                expires,
                size,
                connections,
                limit,
                firstByteWithin,
                trust,
                known,
                digest,
                pieces,
                maxBytes);
    }

    /** Runs to the end, which must come. */
    static TransferResult await(Transfer transfer) throws Exception {
        var end =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return transfer.await();
                            } catch (DownloadException e) {
                                throw new IllegalStateException(e);
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        try {
            return end.get(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            Thread.getAllStackTraces()
                    .forEach(
                            (thread, stack) -> {
                                if (thread.getName().startsWith("capstan-transfer")) {
                                    System.err.println(thread + " " + List.of(stack));
                                }
                            });
            transfer.stop();
            return fail("The transfer hangs");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalStateException state
                    && state.getCause() instanceof DownloadException failed) {
                throw failed;
            }
            throw e;
        }
    }

    TransferResult fetch(URI... uris) throws Exception {
        return await(start(uris));
    }

    /** Runs to the failure, which must come. */
    DownloadException failure(URI... uris) throws Exception {
        try {
            return fail("It ended with " + fetch(uris));
        } catch (DownloadException e) {
            return e;
        }
    }

    @Override
    public void close() {
        engine.deactivate();
        assertThat(ingest.violation()).isNull();
        assertThat(ingest.isFilling()).isFalse();
        ingest.close();
    }
}
