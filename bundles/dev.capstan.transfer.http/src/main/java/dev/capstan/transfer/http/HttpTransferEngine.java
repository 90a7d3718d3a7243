package dev.capstan.transfer.http;

import dev.capstan.content.spi.Ingest;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.transfer.http.move.HttpTransfer;
import dev.capstan.transfer.http.move.Limits;
import dev.capstan.transfer.http.move.Precedents;
import dev.capstan.transfer.http.wire.Cancellation;
import dev.capstan.transfer.http.wire.Guard;
import dev.capstan.transfer.http.wire.Network;
import dev.capstan.transfer.http.wire.Proxies;
import dev.capstan.transfer.http.wire.Settings;
import dev.capstan.transfer.http.wire.Tls;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import dev.capstan.transfer.spi.TransferListener;
import dev.capstan.transfer.spi.TransferPlan;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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
 * <p>It is built on the blocking half of Apache HttpComponents: HttpCore writes requests and keeps
 * buffers, HttpClient keeps cookies. Pooling, redirects, retries and decompression of the big
 * client stay out, since each of them decides something that has to be decided here; and the
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

    private static final System.Logger LOG = System.getLogger(HttpTransferEngine.class.getName());
    private static final Pattern HOST_LIMIT = Pattern.compile("([^\\s=]+)\\s*=\\s*(\\d{1,18})");
    private static final Pattern CERTIFICATE =
            Pattern.compile("\\[?([^\\s=\\]]+)]?\\s*=\\s*((?:[0-9a-f]{2}:?){31}[0-9a-f]{2})");
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final long GOODBYE = TimeUnit.SECONDS.toNanos(2);

    private final ExecutorService executor = new Threads();
    private final Cancellation cancellation = new Cancellation();
    private final Limits limits = new Limits();
    private final Precedents precedents = new Precedents();
    private final Set<HttpTransfer> transfers = ConcurrentHashMap.newKeySet();
    private final Network network;
    private volatile Settings settings;

    /** Starts with a configuration. */
    @Activate
    public HttpTransferEngine(HttpConfig config) {
        settings = read(config);
        limits.all(settings.bytesPerSecond());
        limits.hosts(hostLimits(config));
        network = new Network(this::settings, new Guard(this::settings), executor, Tls::system);
    }

    /** Starts in a world of a test's own. */
    HttpTransferEngine(
            Settings settings,
            Guard.Resolver resolver,
            Predicate<InetAddress> isPrivate,
            SSLContext tls) {
        this.settings = settings;
        limits.all(settings.bytesPerSecond());
        var guard = new Guard(this::settings, resolver, isPrivate);
        network = new Network(this::settings, guard, executor, () -> tls);
    }

    @Modified
    void modified(HttpConfig config) {
        change(read(config));
        limits.hosts(hostLimits(config));
    }

    /** Counts at once, for running transfers too. */
    void change(Settings changed) {
        settings = changed;
        limits.all(changed.bytesPerSecond());
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
                        network,
                        executor,
                        plan,
                        ingest,
                        filler,
                        listener,
                        limits,
                        precedents,
                        cancellation);
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

    /** What is known of how many connections pay. */
    Precedents precedents() {
        return precedents;
    }

    private Settings settings() {
        return settings;
    }

    private static Map<String, Long> hostLimits(HttpConfig config) {
        var limits = new HashMap<String, Long>();
        for (var entry : config.hostLimits()) {
            var matcher = HOST_LIMIT.matcher(entry.strip());
            if (matcher.matches()) {
                limits.put(
                        matcher.group(1).toLowerCase(Locale.ROOT),
                        Long.parseLong(matcher.group(2)));
            } else {
                LOG.log(Level.WARNING, "No limit for a host is \"" + entry + "\": HOST=BYTES");
            }
        }
        return limits;
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
                config.userAgent(),
                proxies(config),
                certificates(config),
                netrc(config));
    }

    private static Proxies proxies(HttpConfig config) {
        var proxy = config.proxy().strip();
        var exceptions = String.join(",", config.noProxy());
        var resolve = config.proxyResolvesNames();
        return switch (proxy) {
            case "none" -> Proxies.NONE;
            case "" -> Proxies.ofEnvironment(System::getenv, exceptions, resolve);
            default -> Proxies.configured(proxy, exceptions, resolve);
        };
    }

    /** An entry that is none is left out: its host is then verified as all others are. */
    private static Map<String, Set<String>> certificates(HttpConfig config) {
        var all = new HashMap<String, Set<String>>();
        for (var entry : config.trustedCertificates()) {
            var matcher = CERTIFICATE.matcher(entry.strip().toLowerCase(Locale.ROOT));
            if (matcher.matches()) {
                all.computeIfAbsent(matcher.group(1), host -> new HashSet<>())
                        .add(matcher.group(2).replace(":", ""));
            } else {
                LOG.log(Level.WARNING, "No trusted certificate is \"" + entry + "\": HOST=SHA-256");
            }
        }
        return all;
    }

    private static @Nullable Path netrc(HttpConfig config) {
        var file = config.netrc().strip();
        if (file.equals("none")) {
            return null;
        }
        var named = file.isEmpty() ? System.getenv("NETRC") : file;
        return named == null || named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".netrc")
                : Path.of(named);
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
