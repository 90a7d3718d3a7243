package dev.capstan.transfer.http;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import dev.capstan.transfer.http.wire.Block;
import dev.capstan.transfer.http.wire.Caller;
import dev.capstan.transfer.http.wire.Cancellation;
import dev.capstan.transfer.http.wire.Cookies;
import dev.capstan.transfer.http.wire.Network;
import dev.capstan.transfer.http.wire.Reply;
import dev.capstan.transfer.http.wire.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Requests of one plug-in (N1 to N5). The answer is read whole, within the time and the size it may
 * have; gzip is asked for and undone.
 */
final class OutboundClient implements OutboundHttp.Client {
    private static final int REDIRECTS = 3;
    private static final Set<String> CONDITIONS = Set.of("if-none-match", "if-modified-since");

    private final Network network;
    private final OutboundHttp.Policy policy;
    private final Caller caller;

    OutboundClient(Network network, Cancellation cancellation, OutboundHttp.Policy policy) {
        this.network = network;
        this.policy = policy;
        var redirects = new Caller.Redirects(REDIRECTS, this::mayFollow, false, false);
        caller = new Caller(network, cancellation, new Cookies(), redirects, false);
    }

    @Override
    public OutboundResponse send(OutboundRequest request)
            throws DownloadException, InterruptedException {
        var target = Target.of(request.uri());
        var common = new HashMap<String, String>();
        common.put("User-Agent", network.settings().userAgent());
        common.put("Accept", "*/*");
        common.put("Accept-Encoding", "gzip");
        // A plug-in may ask on a condition, which is ours to set for files only.
        request.headers().entrySet().stream()
                .filter(field -> CONDITIONS.contains(field.getKey().toLowerCase(Locale.ROOT)))
                .forEach(field -> common.put(field.getKey(), field.getValue()));
        var first =
                caller.request(
                        request.method(),
                        target,
                        request.headers(),
                        common,
                        request.body(),
                        isTrusted(target));
        try (var reply = caller.call(first, policy.timeout().toNanos())) {
            var body = decode(reply, read(reply, request.maxAnswer()), request.maxAnswer());
            var uri =
                    URI.create(reply.request().target().origin() + reply.request().target().path());
            return new OutboundResponse(reply.head().status(), reply.head().fields(), body, uri);
        } catch (DownloadException e) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(e);
            }
            throw e;
        }
    }

    private byte[] read(Reply reply, int most) throws DownloadException {
        var block = new Block();
        var all = new ByteArrayOutputStream();
        for (var bytes = reply.next(block, most); bytes != null; ) {
            if (all.size() + bytes.remaining() > most) {
                throw tooLong(reply, most);
            }
            var part = new byte[bytes.remaining()];
            bytes.get(part);
            all.writeBytes(part);
            bytes = reply.next(block, Math.max(1, most - all.size()));
        }
        return all.toByteArray();
    }

    private static byte[] decode(Reply reply, byte[] body, int most) throws DownloadException {
        var codings = new ArrayList<>(reply.head().all("content-encoding"));
        codings.removeIf(coding -> coding.isBlank() || coding.strip().equalsIgnoreCase("identity"));
        if (codings.isEmpty() || body.length == 0) {
            return body;
        }
        var host = reply.request().target().shown();
        if (!codings.equals(List.of("gzip")) && !codings.equals(List.of("x-gzip"))) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL,
                    host + " encoded its answer in a way nobody asked for: " + codings.size());
        }
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
            var bytes = plain.readNBytes(most);
            if (plain.read() >= 0) {
                throw tooLong(reply, most);
            }
            return bytes;
        } catch (IOException e) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL, host + " sent a damaged compressed answer", e);
        }
    }

    private static DownloadException tooLong(Reply reply, int most) {
        return new DownloadException(
                ErrorClass.PROTOCOL,
                reply.request().target().shown()
                        + " answered with more than "
                        + most
                        + " bytes, which is refused");
    }

    private boolean isTrusted(Target target) throws DownloadException {
        for (var base : policy.trustedBases()) {
            if (Target.of(base).sameOrigin(target)) {
                return true;
            }
        }
        return false;
    }

    private boolean mayFollow(Target from, Target to) {
        Set<String> hosts = policy.redirectHosts();
        return from.host().equals(to.host()) || hosts.contains(to.host());
    }
}
