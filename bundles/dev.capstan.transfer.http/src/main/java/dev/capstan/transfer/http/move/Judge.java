package dev.capstan.transfer.http.move;

import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.transfer.http.field.ContentRange;
import dev.capstan.transfer.http.field.Head;
import dev.capstan.transfer.http.field.Validators;
import dev.capstan.transfer.http.field.Validators.Match;
import dev.capstan.transfer.http.move.Verdict.Again;
import dev.capstan.transfer.http.wire.Framing;
import dev.capstan.transfer.http.wire.Framing.Kind;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an answer is worth (T1). Pure: everything it knows comes in, nothing is done. The
 * rules are those of RFC 9110 §13 to §15, read with suspicion: an answer is taken only if it says
 * of itself that it is what was asked for, and its validators do not say otherwise.
 *
 * @param host as messages may show it
 * @param known what is known of the source, {@link Identity#UNKNOWN} before the first answer
 * @param conditional whether the request asked only for a version other than the known one
 * @param startsAnew whether the source was seen to have changed
 * @param trusting whether a digest will be compared in the end, so that nothing needs proof now
 * @param linksExpire whether 403 and 410 mean that the link is too old
 */
record Judge(
        String host,
        Identity known,
        boolean conditional,
        boolean startsAnew,
        boolean trusting,
        boolean linksExpire) {
    private static final Pattern GZIP_FILE = Pattern.compile("(?i).*\\.(gz|tgz|svgz)(\\?.*)?");

    Verdict judge(Ask ask, Head head, Framing framing, String path) {
        if (head.status() == 200 || head.status() == 203 || head.status() == 206) {
            if (isEncoded(head, path)) {
                return refused(
                        ErrorClass.PROTOCOL,
                        "compressed the answer (%s) without being asked to"
                                .formatted(head.first("content-encoding")));
            }
            return head.status() == 206 ? part(ask, head, framing) : whole(ask, head, framing);
        }
        if (head.status() == 304 && conditional) {
            return new Verdict.NotModified();
        }
        if (head.status() == 416 && ask.ranged()) {
            return unsatisfiable(ask, head);
        }
        return new Verdict.Refused(Statuses.fault(host, head, linksExpire, Instant.now()));
    }

    private Verdict whole(Ask ask, Head head, Framing framing) {
        var length = framing.kind() == Kind.LENGTH ? framing.length() : -1;
        var to = length < 0 ? Long.MAX_VALUE : length;
        var seen = new Identity(length, Validators.of(head), head.mediaType());
        if (known.equals(Identity.UNKNOWN)) {
            return new Verdict.Begin(seen, to, false);
        }
        if (isErrorPage(seen)) {
            return refused(
                    ErrorClass.CHANGED,
                    "now answers with a page instead of the file; what arrived before is kept");
        }
        var match = Validators.compare(known.validator(), seen.validator());
        if (ask.ranged() && !startsAnew && isDisguisedPart(head, length, match)) {
            return Again.WITHOUT_RANGE;
        }
        if (startsAnew || !mayBeEqual(length) || match == Match.DIFFERENT) {
            return new Verdict.Begin(seen, to, true);
        }
        return ask.ranged() && ask.ifRange() && match == Match.SAME
                ? Again.WITHOUT_IF_RANGE
                : new Verdict.Stream(to);
    }

    private Verdict part(Ask ask, Head head, Framing framing) {
        var range = ContentRange.parse(head.first("content-range"));
        if (range == null || range.from() < 0 || !isSingle(head) || !fits(range, framing)) {
            return notAPart(ask);
        }
        if (!ask.ranged()) {
            return known.equals(Identity.UNKNOWN) && range.from() == 0 && range.total() > 0
                    ? new Verdict.Begin(
                            new Identity(range.total(), Validators.of(head), head.mediaType()),
                            range.to(),
                            false)
                    : notAPart(ask);
        }
        if (range.from() != ask.from() || range.to() > ask.to()) {
            return notAPart(ask);
        }
        if (range.total() < 0 && known.length() < 0) {
            return notAPart(ask);
        }
        if (range.total() >= 0 && !mayBeEqual(range.total())) {
            return Again.CHANGED;
        }
        return switch (Validators.compare(known.validator(), Validators.of(head))) {
            case SAME -> new Verdict.Part(range.to(), range.total());
            case DIFFERENT -> Again.CHANGED;
            case UNPROVEN ->
                    trusting || ask.overlaps()
                            ? new Verdict.Part(range.to(), range.total())
                            : Again.WITH_OVERLAP;
        };
    }

    private Verdict unsatisfiable(Ask ask, Head head) {
        var range = ContentRange.parse(head.first("content-range"));
        if (range == null || range.from() >= 0) {
            return Again.WITHOUT_RANGE;
        }
        var match = Validators.compare(known.validator(), Validators.of(head));
        if (match == Match.DIFFERENT || !mayBeEqual(range.total())) {
            return Again.CHANGED;
        }
        var atEnd = range.total() == ask.at();
        return atEnd && (trusting || ask.ifRange() || match == Match.SAME)
                ? new Verdict.Complete(range.total())
                : Again.WITHOUT_RANGE;
    }

    private Verdict notAPart(Ask ask) {
        return ask.ranged()
                ? Again.WITHOUT_RANGE
                : refused(ErrorClass.PROTOCOL, "answered with a part that nobody asked for");
    }

    private boolean mayBeEqual(long length) {
        return known.length() < 0 || length < 0 || known.length() == length;
    }

    /** What a resume gets where a session has ended or a file was moved. */
    private boolean isErrorPage(Identity seen) {
        var turnedToText =
                isText(seen.mediaType()) && known.mediaType() != null && !isText(known.mediaType());
        var fraction =
                seen.length() >= 0
                        && seen.length() < known.length() / 2
                        && seen.validator().equals(Validator.NONE);
        return turnedToText || fraction;
    }

    /**
     * What is called the whole may be the part that was asked for, from a server that forgets to
     * say so: nothing names another version, and yet the length is another one. Only the answer to
     * a request without a range tells.
     */
    private boolean isDisguisedPart(Head head, long length, Match match) {
        return head.first("content-range") != null
                || (match != Match.DIFFERENT && !mayBeEqual(length));
    }

    private static boolean isText(@Nullable String mediaType) {
        return "text/html".equals(mediaType) || "text/plain".equals(mediaType);
    }

    private static boolean isSingle(Head head) {
        return !"multipart/byteranges".equals(head.mediaType());
    }

    private static boolean fits(ContentRange range, Framing framing) {
        return framing.kind() != Kind.LENGTH || framing.length() == range.to() - range.from();
    }

    /** Whether the body is another representation than the file itself. */
    private static boolean isEncoded(Head head, String path) {
        for (var value : head.all("content-encoding")) {
            var coding = value.strip().toLowerCase(Locale.ROOT);
            // Some servers call a file that is a gzip file gzip-coded: taken as it is, it is right.
            var isTheFile = coding.matches("(x-)?gzip") && GZIP_FILE.matcher(path).matches();
            if (!coding.isEmpty() && !coding.equals("identity") && !isTheFile) {
                return true;
            }
        }
        return false;
    }

    private Verdict refused(ErrorClass errorClass, String what) {
        return new Verdict.Refused(new DownloadException(errorClass, host + " " + what));
    }
}
