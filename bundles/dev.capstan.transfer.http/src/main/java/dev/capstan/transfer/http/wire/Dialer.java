package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Opens connections to checked addresses only, straight or through a proxy: a proxy is trusted, but
 * it is told addresses and not names (S1).
 */
final class Dialer {
    private final Supplier<Settings> settings;
    private final Guard guard;
    private final Watchdog watchdog;
    private final Executor executor;
    private final Tls tls;

    Dialer(
            Supplier<Settings> settings,
            Guard guard,
            Watchdog watchdog,
            Executor executor,
            Tls tls) {
        this.settings = settings;
        this.guard = guard;
        this.watchdog = watchdog;
        this.executor = executor;
        this.tls = tls;
    }

    /**
     * One way to try.
     *
     * @param hop what to connect to: the target, or the proxy
     * @param target what a proxy is to be told; unresolved where it is to resolve
     * @param toPrivate whether the target is not public
     */
    private record Way(InetSocketAddress hop, InetSocketAddress target, boolean toPrivate) {}

    /**
     * Connects. All addresses of a name share the time, so that a dead first one costs a part of
     * it.
     *
     * @throws DownloadException with NETWORK, TIMEOUT or BLOCKED; through a proxy also ACCOUNT or
     *     PROTOCOL
     */
    Wire open(Route route, boolean mayBePrivate, Cancellation cancellation)
            throws DownloadException, InterruptedException {
        var limits = settings.get();
        var end = System.nanoTime() + limits.connect().toNanos();
        var ways = ways(route, mayBePrivate, cancellation, end);
        var failure = new IOException("no time left");
        for (var i = 0; i < ways.size() && !cancellation.isCancelled(); i++) {
            var left = (end - System.nanoTime()) / (ways.size() - i);
            if (left <= 0) {
                break;
            }
            try {
                return connect(route, ways.get(i), left, cancellation);
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                e.addSuppressed(failure);
                failure = e;
                if (e instanceof Tunnel.Refusal refusal && !refusal.isForAddress()) {
                    break;
                }
            }
        }
        throw Faults.connecting(route, failure, limits);
    }

    private List<Way> ways(Route route, boolean mayBePrivate, Cancellation cancellation, long end)
            throws DownloadException, InterruptedException {
        var target = route.target();
        var proxy = route.proxy();
        var targets = new ArrayList<InetSocketAddress>();
        var toPrivate = false;
        try {
            var checked = lookup(target.host(), mayBePrivate, cancellation, end);
            toPrivate = checked.anyPrivate();
            for (var address : checked.addresses()) {
                targets.add(new InetSocketAddress(address, target.port()));
            }
        } catch (UnknownHostException e) {
            var host = target.host();
            if (proxy == null) {
                throw Faults.unresolved(host, "; check it and the network", e);
            }
            if (!settings.get().proxies().resolve() || !Addresses.isName(host)) {
                var todo = " here; if the proxy is to look up names, allow that to it";
                throw Faults.unresolved(host, todo, e);
            }
            targets.add(InetSocketAddress.createUnresolved(host, target.port()));
        }
        var ways = new ArrayList<Way>();
        if (proxy == null) {
            for (var to : targets) {
                ways.add(new Way(to, to, toPrivate));
            }
            return ways;
        }
        var hops = addresses(proxy, cancellation, end);
        for (var to : targets) {
            for (var hop : hops) {
                ways.add(new Way(new InetSocketAddress(hop, proxy.port()), to, toPrivate));
            }
        }
        return ways;
    }

    private List<InetAddress> addresses(Proxy proxy, Cancellation cancellation, long end)
            throws DownloadException, InterruptedException {
        try {
            return lookup(proxy.host(), true, cancellation, end).addresses();
        } catch (UnknownHostException e) {
            throw Faults.unresolved(
                    "of the proxy " + proxy.host(), "; check it and the network", e);
        }
    }

    /**
     * The system's resolver cannot be interrupted, so it blocks a thread that can be left alone.
     */
    private Guard.Checked lookup(
            String host, boolean mayBePrivate, Cancellation cancellation, long end)
            throws DownloadException, UnknownHostException, InterruptedException {
        var answer = new CompletableFuture<Guard.Checked>();
        var hook = cancellation.guard(() -> answer.cancel(false));
        try {
            executor.execute(
                    () -> {
                        try {
                            answer.complete(guard.check(host, mayBePrivate));
                        } catch (DownloadException | IOException | RuntimeException e) {
                            answer.completeExceptionally(e);
                        }
                    });
            return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DownloadException refused) {
                throw refused;
            }
            var unknown = new UnknownHostException(host);
            unknown.initCause(e.getCause());
            throw unknown;
        } catch (TimeoutException | CancellationException e) {
            throw new DownloadException(
                    ErrorClass.TIMEOUT, "The name " + host + " was not resolved in time", e);
        } finally {
            cancellation.release(hook);
        }
    }

    private Wire connect(Route route, Way way, long within, Cancellation cancellation)
            throws IOException {
        var channel = SocketChannel.open();
        var watch = new Watch();
        var done = false;
        var hook = cancellation.guard(() -> close(channel));
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            watch.expectHead(within);
            watchdog.add(watch, channel);
            var millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(within));
            var plain = channel.socket();
            plain.connect(way.hop(), millis);
            if (route.proxy() != null) {
                var in = plain.getInputStream();
                new Tunnel(route, route.proxy(), in, plain.getOutputStream()).open(way.target());
            }
            var records = route.target().secure() ? new TlsRecords(plain) : null;
            var socket = records == null ? plain : tls.handshake(route, records);
            watch.headArrived();
            var wire = new Wire(route, channel, socket, records, way.toPrivate(), watch);
            done = true;
            return wire;
        } catch (IOException e) {
            if (watch.overdue() != null) {
                throw (IOException) new SocketTimeoutException("handshake").initCause(e);
            }
            throw e;
        } finally {
            cancellation.release(hook);
            if (!done) {
                close(channel);
            }
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed for all that matters.
        }
    }
}
