package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.transfer.http.field.Head;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and follows redirects (policy 8, S1). Safe for any number of threads; what it does
 * ends at once with its cancellation.
 */
public final class Caller {
    // The first one, and nonces that were stale.
    private static final int MOST_CHALLENGES = 3;

    private final Network network;
    private final Cancellation cancellation;
    private final Cookies cookies;
    private final Redirects redirects;
    private final boolean usesNetrc;

    // Origins that redirects led away from: what their passwords were for is over.
    private final Set<String> left;

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
     * @param usesNetrc whether requests may use the operator's own passwords
     */
    public Caller(
            Network network,
            Cancellation cancellation,
            Cookies cookies,
            Redirects redirects,
            boolean usesNetrc) {
        this(network, cancellation, cookies, redirects, usesNetrc, ConcurrentHashMap.newKeySet());
    }

    private Caller(
            Network network,
            Cancellation cancellation,
            Cookies cookies,
            Redirects redirects,
            boolean usesNetrc,
            Set<String> left) {
        this.network = network;
        this.cancellation = cancellation;
        this.cookies = cookies;
        this.redirects = redirects;
        this.usesNetrc = usesNetrc;
        this.left = left;
    }

    /** The same caller, with the same cookies, whose calls end with another cancellation. */
    public Caller under(Cancellation other) {
        return new Caller(network, other, cookies, redirects, usesNetrc, left);
    }

    /**
     * A request for a link. Credentials are, in this order, an Authorization among its fields, the
     * link's user information, and what the netrc file has for its host.
     *
     * @param link where to, with or without user information
     * @param fields the link's own
     * @param common fields that go everywhere
     * @param content the body, or null
     * @param mayBePrivate whether it may lead to a private address and use the netrc file, being
     *     the operator's own
     * @throws DownloadException with BLOCKED if a field is not well formed
     */
    public Request request(
            String method,
            Target link,
            Map<String, String> fields,
            Map<String, String> common,
            byte @Nullable [] content,
            boolean mayBePrivate)
            throws DownloadException {
        var target = link.withoutUser();
        var own = Request.own(fields, target);
        var authentication =
                authentication(link, own.get("Authorization"), usesNetrc && mayBePrivate);
        return new Request(method, target, own, common, content, mayBePrivate, authentication);
    }

    private @Nullable Authentication authentication(
            Target link, @Nullable String given, boolean orNetrc) {
        if (given != null) {
            // What is given as a field is sent as it is; where a digest is asked for, it serves.
            var login = Login.ofBasic(given);
            return login == null ? null : new Authentication(login, false);
        }
        var login = link.user() == null ? null : Login.ofUserInformation(link.user());
        if (orNetrc && (login == null || login.password().isEmpty())) {
            var found = network.login(link.host(), login == null ? null : login.user(), true);
            login = found == null ? login : found;
        }
        return login == null ? null : new Authentication(login, link.secure());
    }

    /**
     * Where a redirect leads, the netrc file counts too, as the logins of some archives need it;
     * but only if nobody can pose as the host, and not on the way home.
     */
    private @Nullable Authentication authenticationAfter(Target from, Target to) {
        if (!usesNetrc || from.sameOrigin(to)) {
            return null;
        }
        left.add(from.origin());
        if (!to.secure() || left.contains(to.origin())) {
            return null;
        }
        var login = network.login(to.host(), null, false);
        return login == null ? null : new Authentication(login, true);
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
        var count = 0;
        var challenges = 0;
        while (true) {
            var authorization = request.authorization();
            var time = within == 0 ? 0 : Math.max(1, end - System.nanoTime());
            var reply = exchange(request, authorization, time);
            if (challenges < MOST_CHALLENGES && isChallenge(request, reply, authorization)) {
                challenges++;
                reply.discard();
                reply.close();
                continue;
            }
            if (!isRedirect(reply.head().status())) {
                return reply;
            }
            try (reply) {
                if (count++ == redirects.most) {
                    throw new DownloadException(
                            ErrorClass.PROTOCOL,
                            request.target().shown()
                                    + " redirects more than "
                                    + redirects.most
                                    + " times; the link leads in a circle");
                }
                request = follow(request, reply);
                challenges = 0;
                reply.discard();
            }
        }
    }

    /**
     * Makes a connection that the next request to the same place finds; nothing is asked over it.
     *
     * @throws DownloadException with NETWORK, TIMEOUT or BLOCKED
     */
    public void connect(Request later) throws DownloadException, InterruptedException {
        var route = network.route(later.target());
        var wire = network.dialer().open(route, later.mayBePrivate(), cancellation);
        if (cancellation.isCancelled()) {
            wire.abort();
        } else {
            network.pool().await(wire);
        }
    }

    /** Connections for a request that nothing was asked over yet. */
    public int waiting(Request request) {
        return network.pool().unused(request.target().origin());
    }

    private static boolean isChallenge(Request request, Reply reply, @Nullable String sent) {
        var authentication = request.authentication();
        return reply.head().status() == 401
                && authentication != null
                && authentication.learn(reply.head(), sent);
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
        return request.redirected(
                to, reply.head().status() == 303, keepsReach, authenticationAfter(from, to));
    }

    private Reply exchange(Request request, @Nullable String authorization, long within)
            throws DownloadException, InterruptedException {
        // A connection that rested may have died unseen; that is no fault of the origin. What is
        // not idempotent is sent over a new one only.
        var target = request.target();
        var route = network.route(target);
        var rested =
                request.method().equals("GET") || request.method().equals("HEAD")
                        ? network.pool().take(route, request.mayBePrivate())
                        : null;
        if (rested != null) {
            var reply = ask(rested, request, authorization, within, true);
            if (reply != null) {
                return reply;
            }
        }
        var wire = network.dialer().open(route, request.mayBePrivate(), cancellation);
        var reply = ask(wire, request, authorization, within, false);
        if (reply == null) {
            throw new IllegalStateException("A new connection is never excused");
        }
        return reply;
    }

    private @Nullable Reply ask(
            Wire wire,
            Request request,
            @Nullable String authorization,
            long within,
            boolean excusable)
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
                            request.fields(authorization, cookies.forTarget(request.target())),
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
