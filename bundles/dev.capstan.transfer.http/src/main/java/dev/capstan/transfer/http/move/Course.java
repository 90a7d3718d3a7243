package dev.capstan.transfer.http.move;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.metalink.spi.MetalinkDocument;
import dev.capstan.transfer.http.field.DigestFields;
import dev.capstan.transfer.http.field.Disposition;
import dev.capstan.transfer.http.field.HttpDate;
import dev.capstan.transfer.http.field.LinkFields;
import dev.capstan.transfer.http.field.Validators;
import dev.capstan.transfer.http.move.Verdict.Again;
import dev.capstan.transfer.http.wire.Reply;
import dev.capstan.transfer.http.wire.Target;
import dev.capstan.transfer.spi.Answer;
import dev.capstan.transfer.spi.TransferListener;
import dev.capstan.transfer.spi.TransferPlan;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run knows of the file, and the requests that follow from it. What it is made of is settled
 * by one source, the lead, while a single connection is at work, so that what several read at once
 * stands still; the other sources bring parts of the same and settle nothing.
 */
final class Course {
    /** What is compared where no validator proves that bytes go on where others ended. */
    static final long OVERLAP = 64 << 10;

    private static final Predicate<Digest> STRONG = digest -> digest.algorithm().startsWith("sha-");

    private final TransferPlan plan;
    private final Ingest ingest;
    private final Filler filler;
    private final TransferListener listener;
    private final String userAgent;

    private volatile Identity identity;
    private volatile @Nullable Source lead;
    private volatile boolean opened;
    private volatile boolean startsAnew;
    private volatile boolean lengthVerified = true;
    private final AtomicReference<List<Duplicate>> duplicates = new AtomicReference<>(List.of());
    private final AtomicReference<List<Duplicate>> descriptions = new AtomicReference<>(List.of());
    private volatile Described described = new Described(Set.of(), 0);
    private volatile @Nullable DownloadException refusal;
    private volatile int changes;

    /** What a description promised of an edition. */
    private record Described(Set<Digest> digests, int edition) {}

    /** Another address of the same bytes, or of what describes them, as an answer named it. */
    record Duplicate(Target target, boolean mayBePrivate) {}

    Course(
            TransferPlan plan,
            Ingest ingest,
            Filler filler,
            TransferListener listener,
            String userAgent) {
        this.plan = plan;
        this.ingest = ingest;
        this.filler = filler;
        this.listener = listener;
        this.userAgent = userAgent;
        identity = ingest.identity();
    }

    // ---- what is known

    /** What is known of the whole. */
    Identity identity() {
        return identity;
    }

    /** How often the file was found to be another one. */
    int changes() {
        return changes;
    }

    /** Whether a source was seen to have the same bytes; another edition needs another proof. */
    boolean isProven(Source source) {
        return source.has(changes);
    }

    /** A source was seen to have the same bytes, under a version of its own. */
    void prove(Source source, Validator version) {
        source.has(changes, version);
    }

    private Validator version(Source source) {
        return source.validator(changes);
    }

    /** The source that says what the file is. */
    Source lead() {
        return Objects.requireNonNull(lead, "No source was named yet");
    }

    /**
     * Goes on under a source. The first one has the version that is known; what comes later is
     * believed only as far as it was proven.
     */
    void lead(Source next) {
        // Of several, another one may have led the run before; where a digest is promised, nothing
        // hangs on who it was.
        if (lead == null && (plan.links().size() == 1 || !plan.digestPromised())) {
            next.has(changes, identity.validator());
        }
        lead = next;
    }

    boolean isLedBy(Source source) {
        return lead == source;
    }

    /** Digests that answers promised, in this run or an earlier one, and their description. */
    Set<Digest> digests() {
        var known = described;
        if (known.digests.isEmpty() || known.edition != changes) {
            return identity.digests();
        }
        var all = new HashSet<>(identity.digests());
        all.addAll(known.digests);
        return all;
    }

    /** A description promised a digest. */
    void describe(Digest digest, int edition) {
        described = new Described(Set.of(digest), edition);
    }

    /** Whether something better than the end of a connection marked the end of the file. */
    boolean isLengthVerified() {
        return lengthVerified;
    }

    /** Further addresses of the file that the lead named since the last call. */
    List<Duplicate> duplicates() {
        return duplicates.getAndSet(List.of());
    }

    /** Documents that describe the file, as far as the lead named them since the last call. */
    List<Duplicate> descriptions() {
        return descriptions.getAndSet(List.of());
    }

    /** Whether further connections can be trusted to bring parts of the same bytes. */
    boolean allowsParts() {
        return opened
                && identity.length() > 0
                && !startsAnew
                && lead().servesParts()
                && (plan.digestPromised() || Validators.prove(version(lead())));
    }

    /**
     * Whether nothing needs to be proven of what comes from a source, because a digest is compared
     * in the end. What the lead itself promised counts for the others only.
     */
    boolean trusts(Source source) {
        return plan.digestPromised() || (source != lead && digests().stream().anyMatch(STRONG));
    }

    /** Whether a source may bring parts beside the lead, or can be compared with it first. */
    boolean mayJoin(Source source) {
        return isLedBy(source)
                || isProven(source)
                || trusts(source)
                || probe(ingest.present()) != null;
    }

    // ---- asking

    /** What to ask for, to get a part. */
    Ask ask(Source source, Part part, RangeSet present) {
        var at = part.position();
        var length = identity.length();
        var whole = at == 0 && (length < 0 || part.to() >= length);
        if (identity.equals(Identity.UNKNOWN) || !source.servesParts() || startsAnew || whole) {
            return Ask.WHOLE;
        }
        var proof = Validators.prove(version(source));
        var from = at;
        if (source.needsOverlap() || !(proof || trusts(source))) {
            from = Math.max(startOfRun(present, at), at - OVERLAP);
            if (from == at) {
                // Nothing to compare with.
                return Ask.WHOLE;
            }
        }
        return new Ask(true, from, at, part.to(), proof && source.knowsIfRange());
    }

    /** What to ask a mirror for, to compare it; null if too little is there. */
    @Nullable Ask probe(RangeSet present) {
        Ask last = null;
        for (var range : present.ranges()) {
            if (range.to() - range.from() >= OVERLAP) {
                last = new Ask(true, range.to() - OVERLAP, range.to(), range.to(), false);
            }
        }
        return last;
    }

    /** Decides what an answer is worth. */
    Verdict judge(Source source, Ask ask, Reply reply) {
        // Versions are named differently everywhere, so each source is held to its own.
        var known = new Identity(identity.length(), version(source), identity.mediaType());
        var judge =
                new Judge(
                        reply.request().target().shown(),
                        known,
                        isConditional(),
                        startsAnew,
                        trusts(source),
                        plan.linksExpire());
        var path = reply.request().target().path();
        return judge.judge(ask, reply.head(), reply.body().framing(), path);
    }

    // ---- learning

    /** The first answer, or that of a source that has changed. */
    void begin(Verdict.Begin begin, Reply reply) throws DownloadException {
        var seen = begin.identity();
        if (plan.size() >= 0 && seen.length() >= 0 && plan.size() != seen.length()) {
            // Bytes of what it was are there: it is not the promise that was wrong.
            throw new DownloadException(
                    begin.changed() ? ErrorClass.CHANGED : ErrorClass.CHECKSUM,
                    "%s has %d bytes of the file, but %d were promised"
                            .formatted(lead().target().shown(), seen.length(), plan.size()));
        }
        if (begin.changed() && ++changes > 1) {
            throw new DownloadException(
                    ErrorClass.CHANGED,
                    "The file at "
                            + lead().target().shown()
                            + " changed twice while it was fetched");
        }
        identity = seen.withDigests(promised(reply));
        lead().has(changes, seen.validator());
        opened = false;
        startsAnew = false;
        open(reply);
        if (begin.changed() || ingest.downloaded() > 0) {
            filler.restart(identity);
        } else {
            filler.identify(identity);
        }
    }

    /** An answer that fits what is known: the first of a run is told to the listener. */
    void open(Reply reply) throws DownloadException {
        if (opened) {
            return;
        }
        var head = reply.head();
        promise(promised(reply));
        var ranges = head.status() == 206 || head.has("accept-ranges", "bytes");
        if (head.has("accept-ranges", "none")) {
            lead().refusesParts();
        }
        var name = Disposition.fileName(head.first("content-disposition"));
        var answer = new Answer(identity, name, digests(), ranges && lead().servesParts());
        allow(identity.length());
        try {
            listener.onAnswer(answer);
        } catch (DownloadException e) {
            refusal = e;
            throw e;
        }
        var links = reply.head().all("link");
        duplicates.set(named(LinkFields.duplicates(links), reply));
        descriptions.set(named(LinkFields.descriptions(links, MetalinkDocument.MEDIA_TYPE), reply));
        opened = true;
    }

    /** Other addresses reach no further than the one that names them. */
    private static List<Duplicate> named(List<String> references, Reply reply) {
        var base = reply.request();
        var reach = base.mayBePrivate() && reply.isFromPrivate();
        return references.stream()
                .flatMap(
                        link -> {
                            try {
                                return Stream.of(new Duplicate(base.target().follow(link), reach));
                            } catch (DownloadException e) {
                                return Stream.empty();
                            }
                        })
                .filter(link -> link.target.secure() || !base.target().secure())
                .toList();
    }

    /** Refuses what is larger than it may be. */
    void allow(long bytes) throws DownloadException {
        var most = plan.maxBytes();
        if (most > 0 && bytes > most) {
            var tooBig =
                    new DownloadException(
                            ErrorClass.BLOCKED,
                            "The file at %s is larger than the %d bytes it may have"
                                    .formatted(lead().target().shown(), most),
                            Detail.TOO_BIG,
                            null,
                            null);
            refusal = tooBig;
            throw tooBig;
        }
    }

    /**
     * Whether an error is the listener's or of the plan's limit, which ends the transfer whatever
     * its class.
     */
    boolean isRefusal(DownloadException error) {
        return refusal == error;
    }

    /** The length became known. */
    void learn(long length) throws DownloadException {
        allow(length);
        if (identity.length() != length) {
            identity = identity.withLength(length);
            filler.identify(identity);
        }
    }

    private static Set<Digest> promised(Reply reply) {
        return DigestFields.parse(reply.head().fields(), reply.head().status() == 200);
    }

    /** Keeps what was promised where it outlives this run, which may end before it is compared. */
    private void promise(Set<Digest> more) throws DownloadException {
        if (!identity.digests().containsAll(more)) {
            var all = new HashSet<>(identity.digests());
            all.addAll(more);
            identity = identity.withDigests(all);
            filler.identify(identity);
        }
    }

    /** A body of unknown length ended. */
    void end(long length, boolean byClose, Set<Digest> more) throws DownloadException {
        promise(more);
        if (plan.size() >= 0 && plan.size() != length) {
            // An early end of the connection is what it looks like most, so it may be tried again.
            throw new DownloadException(
                    byClose && length < plan.size() ? ErrorClass.NETWORK : ErrorClass.CHECKSUM,
                    "%s sent %d bytes of the file, but %d were promised"
                            .formatted(lead().target().shown(), length, plan.size()));
        }
        lengthVerified =
                !byClose || plan.size() >= 0 || plan.digestPromised() || !digests().isEmpty();
        learn(length);
    }

    /** The lead's answer was not what it should be: the next request is another one. */
    void again(Again what) throws DownloadException {
        switch (what) {
            case WITHOUT_IF_RANGE -> lead().ignoresIfRange();
            case WITHOUT_RANGE -> {
                if (!lead().refusesParts()) {
                    throw new DownloadException(
                            ErrorClass.PROTOCOL,
                            lead().target().shown() + " sends parts that nobody asked for");
                }
            }
            case WITH_OVERLAP -> lead().wantsOverlap();
            case CHANGED -> startsAnew = true;
        }
    }

    // ---- requests

    /** The fields of a request. */
    Map<String, String> fields(Source source, Ask ask) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("User-Agent", userAgent);
        fields.put("Accept", "*/*");
        fields.put("Accept-Encoding", "identity");
        if (ask.ranged()) {
            fields.put("Range", ask.range());
            var condition = ask.ifRange() ? Validators.ifRange(version(source)) : null;
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

    private static long startOfRun(RangeSet present, long end) {
        for (var range : present.ranges()) {
            if (range.from() < end && range.to() >= end) {
                return range.from();
            }
        }
        return end;
    }
}
