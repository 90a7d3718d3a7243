package dev.capstan.transfer.http.move;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.transfer.http.field.DigestFields;
import dev.capstan.transfer.http.field.Disposition;
import dev.capstan.transfer.http.field.Head;
import dev.capstan.transfer.http.field.HttpDate;
import dev.capstan.transfer.http.field.Validators;
import dev.capstan.transfer.http.move.Verdict.Again;
import dev.capstan.transfer.http.wire.Caller;
import dev.capstan.transfer.http.wire.Reply;
import dev.capstan.transfer.http.wire.Request;
import dev.capstan.transfer.http.wire.Target;
import dev.capstan.transfer.spi.Answer;
import dev.capstan.transfer.spi.TransferListener;
import dev.capstan.transfer.spi.TransferPlan;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run knows of its source, and the requests that follow from it. It changes only while a
 * single connection is at work, so that what several read at once stands still.
 */
final class Course {
    private static final long OVERLAP = 64 << 10;

    private final TransferPlan plan;
    private final Ingest ingest;
    private final Filler filler;
    private final TransferListener listener;
    private final Caller caller;
    private final String userAgent;

    private volatile Identity identity;
    private volatile Request first;
    private volatile Request route;
    private volatile boolean opened;
    private volatile boolean startsAnew;
    private volatile boolean withoutRange;
    private volatile boolean withoutIfRange;
    private volatile boolean withOverlap;
    private volatile boolean mirror;
    private volatile boolean lengthVerified = true;
    private volatile Set<Digest> digests = Set.of();
    private volatile @Nullable DownloadException refusal;
    private int link;
    private int changes;

    Course(
            TransferPlan plan,
            Ingest ingest,
            Filler filler,
            TransferListener listener,
            Caller caller,
            String userAgent)
            throws DownloadException {
        this.plan = plan;
        this.ingest = ingest;
        this.filler = filler;
        this.listener = listener;
        this.caller = caller;
        this.userAgent = userAgent;
        identity = ingest.identity();
        first = first(0);
        route = first;
    }

    // ---- what is known

    /** What is known of the whole. */
    Identity identity() {
        return identity;
    }

    /** The host requests go to now, as messages may show it. */
    Target target() {
        return route.target();
    }

    /** Where connections may rest. */
    Set<Target> origins() {
        return new HashSet<>(List.of(first.target(), route.target()));
    }

    /** Digests that answers promised. */
    Set<Digest> digests() {
        return digests;
    }

    /** Whether something better than the end of a connection marked the end of the file. */
    boolean isLengthVerified() {
        return lengthVerified;
    }

    /** Whether further connections can be trusted to bring parts of the same bytes. */
    boolean allowsParts() {
        return opened
                && identity.length() > 0
                && !withoutRange
                && !startsAnew
                && (plan.digestPromised() || (!mirror && Validators.prove(identity.validator())));
    }

    // ---- asking

    /** What to ask for, to get a part. */
    Ask ask(Part part, RangeSet present) {
        var at = part.position();
        var length = identity.length();
        var whole = at == 0 && (length < 0 || part.to() >= length);
        if (identity.equals(Identity.UNKNOWN) || withoutRange || startsAnew || whole) {
            return Ask.WHOLE;
        }
        var proof = !mirror && Validators.prove(identity.validator());
        var from = at;
        if (withOverlap || !(proof || plan.digestPromised())) {
            from = Math.max(startOfRun(present, at), at - OVERLAP);
            if (from == at) {
                // Nothing to compare with.
                return Ask.WHOLE;
            }
        }
        return new Ask(true, from, at, part.to(), proof && !withoutIfRange);
    }

    /** Sends a request and waits for the head of its answer. */
    Reply call(Ask ask) throws DownloadException, InterruptedException {
        var start = route;
        var fields = fields(ask);
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

    /** Decides what an answer is worth. */
    Verdict judge(Ask ask, Reply reply) {
        var known = identity;
        if (mirror) {
            // Versions are named differently everywhere; length and overlap must do.
            known = new Identity(known.length(), Validator.NONE, known.mediaType());
        }
        var judge =
                new Judge(
                        reply.request().target().shown(),
                        known,
                        isConditional(),
                        startsAnew,
                        plan.digestPromised(),
                        plan.linksExpire());
        var path = reply.request().target().path();
        return judge.judge(ask, reply.head(), reply.body().framing(), path);
    }

    // ---- learning

    /** The first answer, or that of a source that has changed. */
    void begin(Verdict.Begin begin, Head head) throws DownloadException {
        var seen = begin.identity();
        if (plan.size() >= 0 && seen.length() >= 0 && plan.size() != seen.length()) {
            throw new DownloadException(
                    ErrorClass.CHECKSUM,
                    "%s has %d bytes of the file, but %d were promised"
                            .formatted(target().shown(), seen.length(), plan.size()));
        }
        if (begin.changed() && ++changes > 1) {
            throw new DownloadException(
                    ErrorClass.CHANGED,
                    "The file at " + target().shown() + " changed twice while it was fetched");
        }
        identity = seen;
        opened = false;
        startsAnew = false;
        open(head);
        if (begin.changed() || ingest.downloaded() > 0) {
            filler.restart(seen);
        } else {
            filler.identify(seen);
        }
    }

    /** An answer that fits what is known: the first of a run is told to the listener. */
    void open(Head head) throws DownloadException {
        if (opened) {
            return;
        }
        digests = DigestFields.parse(head.fields(), head.status() == 200);
        var ranges = head.status() == 206 || head.has("accept-ranges", "bytes");
        withoutRange |= head.has("accept-ranges", "none");
        var name = Disposition.fileName(head.first("content-disposition"));
        var answer = new Answer(identity, name, digests, ranges && !withoutRange);
        try {
            listener.onAnswer(answer);
        } catch (DownloadException e) {
            refusal = e;
            throw e;
        }
        opened = true;
    }

    /** Whether an error is the listener's, which ends the transfer whatever its class. */
    boolean isRefusal(DownloadException error) {
        return refusal == error;
    }

    /** The length became known. */
    void learn(long length) throws DownloadException {
        if (identity.length() != length) {
            identity = identity.withLength(length);
            filler.identify(identity);
        }
    }

    /** A body of unknown length ended. */
    void end(long length, boolean byClose, Set<Digest> more) throws DownloadException {
        var all = new HashSet<>(digests);
        all.addAll(more);
        digests = all;
        if (plan.size() >= 0 && plan.size() != length) {
            // An early end of the connection is what it looks like most, so it may be tried again.
            throw new DownloadException(
                    byClose && length < plan.size() ? ErrorClass.NETWORK : ErrorClass.CHECKSUM,
                    "%s sent %d bytes of the file, but %d were promised"
                            .formatted(target().shown(), length, plan.size()));
        }
        lengthVerified = !byClose || plan.size() >= 0 || plan.digestPromised() || !all.isEmpty();
        learn(length);
    }

    /** An answer was not what it should be: the next request is another one. */
    void again(Again what) throws DownloadException {
        switch (what) {
            case WITHOUT_IF_RANGE -> withoutIfRange = true;
            case WITHOUT_RANGE -> {
                if (withoutRange) {
                    throw new DownloadException(
                            ErrorClass.PROTOCOL,
                            target().shown() + " sends parts that nobody asked for");
                }
                withoutRange = true;
            }
            case WITH_OVERLAP -> withOverlap = true;
            case CHANGED -> startsAnew = true;
        }
    }

    /** Goes on with the next link; false if there is none. */
    boolean nextLink() throws DownloadException {
        if (link + 1 >= plan.links().size()) {
            return false;
        }
        link++;
        mirror = !identity.equals(Identity.UNKNOWN);
        withoutRange = false;
        withoutIfRange = false;
        first = first(link);
        route = first;
        return true;
    }

    // ---- requests

    private Request first(int index) throws DownloadException {
        var direct = plan.links().get(index);
        var target = Target.of(direct.uri());
        var own = Request.own(direct.headers(), target);
        return new Request("GET", target, own, Map.of(), null, plan.trust() == Trust.OPERATOR);
    }

    private Map<String, String> fields(Ask ask) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("User-Agent", userAgent);
        fields.put("Accept", "*/*");
        fields.put("Accept-Encoding", "identity");
        var validator = identity.validator();
        if (ask.ranged()) {
            fields.put("Range", ask.range());
            var condition = ask.ifRange() ? Validators.ifRange(validator) : null;
            if (condition != null) {
                fields.put("If-Range", condition);
            }
        } else if (isConditional()) {
            var known = plan.known();
            if (known != null && known.etag() != null) {
                fields.put("If-None-Match", known.etag());
            } else if (known != null && known.lastModified() != null) {
                fields.put("If-Modified-Since", HttpDate.format(known.lastModified()));
            }
        }
        return fields;
    }

    /** Only the first request of all asks whether anything is new. */
    private boolean isConditional() {
        var known = plan.known();
        return known != null
                && (known.etag() != null || known.lastModified() != null)
                && identity.equals(Identity.UNKNOWN);
    }

    /** Statuses of a place that was good for a time. */
    private static boolean isGone(int status) {
        return status == 401 || status == 403 || status == 404 || status == 410;
    }

    private static long startOfRun(RangeSet present, long end) {
        for (var range : present.ranges()) {
            if (range.from() < end && range.to() >= end) {
                return range.from();
            }
        }
        return end;
    }
}
