package dev.capstan.transfer.http.move;

import dev.capstan.content.Validator;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.transfer.http.wire.Caller;
import dev.capstan.transfer.http.wire.Reply;
import dev.capstan.transfer.http.wire.Request;
import dev.capstan.transfer.http.wire.Target;
import java.util.Map;
import java.util.Set;

/**
 * One link of the file, and what was learned of it on the way: where its redirects led, which
 * version it has, what it cannot do. Safe for any number of threads.
 */
final class Source {
    private final Request first;
    private volatile Request route;
    private volatile Version version = new Version(Validator.NONE, -1);
    private volatile boolean withoutRange;
    private volatile boolean withoutIfRange;
    private volatile boolean withOverlap;
    private RangeSet brought = RangeSet.EMPTY;

    /** A version, and which of the file's it was seen to be. */
    private record Version(Validator validator, int edition) {}

    private Source(Request first) {
        this.first = first;
        route = first;
    }

    /**
     * The source behind a link.
     *
     * @throws DownloadException with BLOCKED or PROTOCOL if no request can be made of it
     */
    static Source of(DirectLink link, Trust trust, Caller caller) throws DownloadException {
        var target = Target.of(link.uri());
        var trusted = trust == Trust.OPERATOR && !link.foreign();
        return new Source(caller.request("GET", target, link.headers(), Map.of(), null, trusted));
    }

    /** The source behind an address that an answer named. */
    static Source of(Course.Duplicate duplicate) {
        return new Source(Request.get(duplicate.target(), duplicate.mayBePrivate()));
    }

    /** The host requests go to now, as messages may show it. */
    Target target() {
        return route.target();
    }

    /** Where connections may rest. */
    Set<Target> origins() {
        return first.target().equals(route.target())
                ? Set.of(first.target())
                : Set.of(first.target(), route.target());
    }

    /** Whether both are the same address. */
    boolean isSameAs(Source other) {
        return first.target().equals(other.first.target());
    }

    // ---- its version

    /** What it calls an edition of the file; {@link Validator#NONE} where that is unknown. */
    Validator validator(int edition) {
        var known = version;
        return known.edition == edition ? known.validator : Validator.NONE;
    }

    /** It was seen to have the bytes of an edition of the file. */
    void has(int edition, Validator validator) {
        version = new Version(validator, edition);
    }

    /** Whether it was seen to have the bytes of an edition. */
    boolean has(int edition) {
        return version.edition == edition;
    }

    // ---- what it cannot do

    boolean servesParts() {
        return !withoutRange;
    }

    /** Asks it for the whole only, from now on; false if that was known already. */
    boolean refusesParts() {
        var known = withoutRange;
        withoutRange = true;
        return !known;
    }

    boolean knowsIfRange() {
        return !withoutIfRange;
    }

    void ignoresIfRange() {
        withoutIfRange = true;
    }

    boolean needsOverlap() {
        return withOverlap;
    }

    void wantsOverlap() {
        withOverlap = true;
    }

    // ---- what came from it

    /** These bytes are its. */
    synchronized void brought(long from, long to) {
        brought = brought.plus(from, to);
    }

    /** They were thrown away. */
    synchronized void lost(long from, long to) {
        brought = brought.minus(from, to);
    }

    /** Whether any of these bytes are its. */
    synchronized boolean hasBrought(long from, long to) {
        return brought.missing(from, to).size() < to - from;
    }

    // ---- connecting ahead

    /** Makes a connection for a later request. */
    void connect(Caller caller) throws DownloadException, InterruptedException {
        caller.connect(route);
    }

    /** Connections that were made ahead and not used yet. */
    int waiting(Caller caller) {
        return caller.waiting(route);
    }

    // ---- asking

    /** Sends a request and waits for the head of its answer. */
    Reply call(Caller caller, Map<String, String> fields)
            throws DownloadException, InterruptedException {
        var start = route;
        try {
            var reply = caller.call(start.with(fields), 0);
            var status = reply.head().status();
            if (isGone(status) && !start.equals(first)) {
                // Where a redirect led has a shorter life than the link itself.
                reply.discard();
                reply.close();
                start = first;
                reply = caller.call(start.with(fields), 0);
                status = reply.head().status();
            }
            if (status < 300) {
                var redirected = !reply.request().target().equals(start.target());
                route = redirected ? reply.request() : start;
            }
            return reply;
        } catch (DownloadException e) {
            route = first;
            throw e;
        }
    }

    /** Statuses of a place that was good for a time. */
    private static boolean isGone(int status) {
        return status == 401 || status == 403 || status == 404 || status == 410;
    }
}
