package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Opens connections to checked addresses only; TLS is always verified. */
final class Dialer {
    private final Supplier<Settings> settings;
    private final Guard guard;
    private final Watchdog watchdog;
    private final Executor executor;
    private final Supplier<SSLContext> tls;

    Dialer(
            Supplier<Settings> settings,
            Guard guard,
            Watchdog watchdog,
            Executor executor,
            Supplier<SSLContext> tls) {
        this.settings = settings;
        this.guard = guard;
        this.watchdog = watchdog;
        this.executor = executor;
        this.tls = tls;
    }

    /**
     * Connects. All addresses of a name share the time, so that a dead first one costs a part of
     * it.
     *
     * @throws DownloadException with NETWORK, TIMEOUT or BLOCKED
     */
    Wire open(Target target, boolean mayBePrivate, Cancellation cancellation)
            throws DownloadException, InterruptedException {
        var limits = settings.get();
        var end = System.nanoTime() + limits.connect().toNanos();
        var checked = lookup(target, mayBePrivate, cancellation, limits);
        var addresses = checked.addresses();
        var failure = new IOException("no time left");
        for (var i = 0; i < addresses.size() && !cancellation.isCancelled(); i++) {
            var left = (end - System.nanoTime()) / (addresses.size() - i);
            if (left <= 0) {
                break;
            }
            try {
                return connect(target, addresses.get(i), checked.anyPrivate(), left, cancellation);
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                e.addSuppressed(failure);
                failure = e;
            }
        }
        throw Faults.connecting(target, failure, limits);
    }

    /**
     * The system's resolver cannot be interrupted, so it blocks a thread that can be left alone.
     */
    private Guard.Checked lookup(
            Target target, boolean mayBePrivate, Cancellation cancellation, Settings limits)
            throws DownloadException, InterruptedException {
        var answer = new CompletableFuture<Guard.Checked>();
        var hook = cancellation.guard(() -> answer.cancel(false));
        try {
            executor.execute(
                    () -> {
                        try {
                            answer.complete(guard.check(target.host(), mayBePrivate));
                        } catch (DownloadException | IOException | RuntimeException e) {
                            answer.completeExceptionally(e);
                        }
                    });
            return answer.get(limits.connect().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DownloadException refused) {
                throw refused;
            }
            throw Faults.unresolved(
                    target, e.getCause() instanceof UnknownHostException unknown ? unknown : null);
        } catch (TimeoutException | CancellationException e) {
            throw new DownloadException(
                    ErrorClass.TIMEOUT,
                    "The name " + target.host() + " was not resolved in time",
                    e);
        } finally {
            cancellation.release(hook);
        }
    }

    private Wire connect(
            Target target,
            InetAddress address,
            boolean toPrivate,
            long within,
            Cancellation cancellation)
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
            channel.socket().connect(new InetSocketAddress(address, target.port()), millis);
            var records = target.secure() ? new TlsRecords(channel.socket()) : null;
            Socket socket = records == null ? channel.socket() : handshake(target, records);
            watch.headArrived();
            var wire = new Wire(target, channel, socket, records, toPrivate, watch);
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

    private SSLSocket handshake(Target target, TlsRecords beneath) throws IOException {
        var socket =
                (SSLSocket)
                        tls.get()
                                .getSocketFactory()
                                .createSocket(beneath, target.host(), target.port(), true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed for all that matters.
        }
    }
}
