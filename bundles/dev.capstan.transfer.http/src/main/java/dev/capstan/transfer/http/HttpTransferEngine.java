package dev.capstan.transfer.http;

import dev.capstan.content.spi.Ingest;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.transfer.http.move.HttpTransfer;
import dev.capstan.transfer.http.move.Limiter;
import dev.capstan.transfer.http.wire.Cancellation;
import dev.capstan.transfer.http.wire.Guard;
import dev.capstan.transfer.http.wire.Network;
import dev.capstan.transfer.http.wire.Settings;
import dev.capstan.transfer.http.wire.Tls;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import dev.capstan.transfer.spi.TransferListener;
import dev.capstan.transfer.spi.TransferPlan;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The engine for http and https, and the guarded client for plug-ins. Both share connections,
 * limits and the address guard.
 *
 * <p>It is built on the blocking half of Apache HttpComponents: HttpCore writes requests and parses
 * heads and chunks, HttpClient keeps cookies. Pooling, redirects, retries and decompression of the
 * big client stay out, since each of them decides something that has to be decided here; and the
 * channel stays ours, so that bodies go straight from the socket to the file.
 */
@Component(
        service = {TransferEngine.class, OutboundHttp.class},
        configurationPid = HttpTransferEngine.PID,
        property = {TransferEngine.SCHEMES + "=http", TransferEngine.SCHEMES + "=https"})
@Designate(ocd = HttpConfig.class)
public final class HttpTransferEngine implements TransferEngine, OutboundHttp {
    /** The name of the configuration. */
    public static final String PID = "dev.capstan.transfer.http";

    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final long GOODBYE = TimeUnit.SECONDS.toNanos(2);

    private final ExecutorService executor = new Threads();
    private final Cancellation cancellation = new Cancellation();
    private final Limiter limit = new Limiter();
    private final Set<HttpTransfer> transfers = ConcurrentHashMap.newKeySet();
    private final Network network;
    private volatile Settings settings;

    /** Starts with a configuration. */
    @Activate
    public HttpTransferEngine(HttpConfig config) {
        settings = read(config);
        limit.rate(settings.bytesPerSecond());
        network = new Network(this::settings, new Guard(this::settings), executor, Tls::system);
    }

    /** Starts in a world of a test's own. */
    HttpTransferEngine(
            Settings settings,
            Guard.Resolver resolver,
            Predicate<InetAddress> isPrivate,
            SSLContext tls) {
        this.settings = settings;
        limit.rate(settings.bytesPerSecond());
        var guard = new Guard(this::settings, resolver, isPrivate);
        network = new Network(this::settings, guard, executor, () -> tls);
    }

    @Modified
    void modified(HttpConfig config) {
        change(read(config));
    }

    /** Counts at once, for running transfers too. */
    void change(Settings changed) {
        settings = changed;
        limit.rate(changed.bytesPerSecond());
    }

    /** T3: ends every transfer and every connection. */
    @Deactivate
    void deactivate() {
        cancellation.cancel();
        var end = System.nanoTime() + GOODBYE;
        for (var transfer : transfers) {
            transfer.awaitEnd(end - System.nanoTime());
        }
        network.close();
        executor.shutdown();
    }

    @Override
    public Transfer start(TransferPlan plan, Ingest ingest, TransferListener listener) {
        if (cancellation.isCancelled()) {
            throw new IllegalStateException("The HTTP engine is being stopped");
        }
        var filler =
                ingest.fill()
                        .orElseThrow(() -> new IllegalStateException("The ingest is being filled"));
        var transfer =
                new HttpTransfer(
                        network, executor, plan, ingest, filler, listener, limit, cancellation);
        transfers.add(transfer);
        try {
            transfer.start(() -> transfers.remove(transfer));
        } catch (RejectedExecutionException e) {
            filler.close();
            throw new IllegalStateException("The HTTP engine is being stopped", e);
        }
        return transfer;
    }

    @Override
    public Client client(Policy policy) {
        return new OutboundClient(network, cancellation, policy);
    }

    private Settings settings() {
        return settings;
    }

    private static Settings read(HttpConfig config) {
        var hosts =
                Stream.of(config.allowedHosts())
                        .map(host -> host.strip().toLowerCase(Locale.ROOT))
                        .filter(host -> !host.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
        return new Settings(
                Duration.ofMillis(config.connectTimeoutMs()),
                Duration.ofMillis(config.headerTimeoutMs()),
                Duration.ofMillis(config.idleTimeoutMs()),
                config.minBytesPerSecond(),
                Duration.ofMillis(config.minSpeedWindowMs()),
                config.attempts(),
                BACKOFF,
                config.maxRedirects(),
                config.maxConnections(),
                config.maxConnectionsPerHost(),
                config.maxBytesPerSecond(),
                config.allowPrivateNetworks(),
                hosts,
                config.allowHttpsDowngrade(),
                config.userAgent());
    }

    /** Threads for everything here; their number is that of connections and names in the making. */
    private static final class Threads extends ThreadPoolExecutor {
        private static final String NAME = "capstan-transfer";

        Threads() {
            super(
                    0,
                    Integer.MAX_VALUE,
                    5,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    work -> {
                        var thread = new Thread(work, NAME);
                        thread.setDaemon(true);
                        return thread;
                    });
        }

        @Override
        protected void afterExecute(Runnable work, @Nullable Throwable failure) {
            Thread.currentThread().setName(NAME);
        }
    }
}
