package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.transfer.http.field.Head;
import java.io.IOException;
import java.util.function.BiPredicate;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and follows redirects (policy 8, S1). Safe for any number of threads; what it does
 * ends at once with its cancellation.
 */
public final class Caller {
    private final Network network;
    private final Cancellation cancellation;
    private final Cookies cookies;
    private final Redirects redirects;

    /**
     * Which redirects are followed.
     *
     * @param most how many for one request
     * @param mayFollow whether one may lead from a target to another
     * @param mayDowngrade whether one may lead from https to http
     * @param privateToPrivate whether one from a private address may lead to another private one
     */
    public record Redirects(
            int most,
            BiPredicate<Target, Target> mayFollow,
            boolean mayDowngrade,
            boolean privateToPrivate) {}

    /**
     * A caller.
     *
     * @param cookies the jar of whoever calls, never shared
     */
    public Caller(
            Network network, Cancellation cancellation, Cookies cookies, Redirects redirects) {
        this.network = network;
        this.cancellation = cancellation;
        this.cookies = cookies;
        this.redirects = redirects;
    }

    /**
     * Sends a request and reads the head of the first answer that is no redirect.
     *
     * @param first the request
     * @param within nanoseconds the whole answer may take, 0 where only the engine's limits count
     * @return the answer, whatever its status; to be closed by the caller
     * @throws DownloadException with NETWORK, TIMEOUT, PROTOCOL or BLOCKED
     */
    public Reply call(Request first, long within) throws DownloadException, InterruptedException {
        var end = System.nanoTime() + within;
        var request = first;
        for (var count = 0; ; count++) {
            var reply = exchange(request, within == 0 ? 0 : Math.max(1, end - System.nanoTime()));
            if (!isRedirect(reply.head().status())) {
                return reply;
            }
            try (reply) {
                if (count == redirects.most) {
                    throw new DownloadException(
                            ErrorClass.PROTOCOL,
                            request.target().shown()
                                    + " redirects more than "
                                    + redirects.most
                                    + " times; the link leads in a circle");
                }
                request = follow(request, reply);
                reply.discard();
            }
        }
    }

    private Request follow(Request request, Reply reply) throws DownloadException {
        var from = request.target();
        var location = reply.head().first("location");
        if (location == null || location.isBlank()) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL,
                    from.shown()
                            + " answered "
                            + reply.head().status()
                            + " without saying where to go");
        }
        var to = from.follow(location);
        if (from.secure() && !to.secure() && !redirects.mayDowngrade) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    from.shown() + " redirects from https to http, which is refused");
        }
        if (!redirects.mayFollow.test(from, to)) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    from.shown() + " redirects to " + to.shown() + ", which is not expected of it");
        }
        var keepsReach =
                from.sameOrigin(to) || (redirects.privateToPrivate && reply.isFromPrivate());
        return request.redirected(to, reply.head().status() == 303, keepsReach);
    }

    private Reply exchange(Request request, long within)
            throws DownloadException, InterruptedException {
        // A connection that rested may have died unseen; that is no fault of the origin. What is
        // not idempotent is sent over a new one only.
        var rested =
                request.method().equals("GET") || request.method().equals("HEAD")
                        ? network.pool().take(request.target(), request.mayBePrivate())
                        : null;
        if (rested != null) {
            var reply = ask(rested, request, within, true);
            if (reply != null) {
                return reply;
            }
        }
        var wire = network.dialer().open(request.target(), request.mayBePrivate(), cancellation);
        var reply = ask(wire, request, within, false);
        if (reply == null) {
            throw new IllegalStateException("A new connection is never excused");
        }
        return reply;
    }

    private @Nullable Reply ask(Wire wire, Request request, long within, boolean excusable)
            throws DownloadException, InterruptedException {
        var hook = cancellation.guard(wire::abort);
        var done = false;
        try {
            var limits = network.settings();
            wire.watch().expectAll(within);
            Head head =
                    wire.ask(
                            request.method(),
                            request.target(),
                            request.fields(cookies.forTarget(request.target())),
                            request.content(),
                            limits.header().toNanos());
            cookies.learn(request.target(), head);
            done = true;
            return new Reply(network, cancellation, request, wire, hook, head);
        } catch (HttpException | IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (excusable && !wire.isAnswered() && wire.watch().overdue() == null) {
                return null;
            }
            throw Faults.using(wire, e, network.settings());
        } finally {
            if (!done) {
                cancellation.release(hook);
                wire.abort();
            }
        }
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }
}
