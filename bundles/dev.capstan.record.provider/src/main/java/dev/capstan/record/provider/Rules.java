package dev.capstan.record.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a record's words must be like (E1); everything here is asked before any request is made. */
final class Rules {
    static final int MOST_TRACKS = 1_000;
    private static final int LEAST_NAME = 3;
    private static final int MOST_NAME = 200;
    private static final int MOST_LINK = 2_048;
    private static final int MOST_SLOT = 200;
    private static final String PLAIN = "-._~:/?#[]@!$&'()*+,;=";
    private static final String HEX = "0123456789abcdefABCDEF";

    /** Schemes no host fetches, and local files, which would be nothing to anybody else (P13). */
    private static final Set<String> NEVER = Set.of("ftp", "ftps", "file", "data", "javascript");

    private Rules() {}

    /** A name as it is kept. */
    static String name(String wish) throws RecordException {
        var name = wish.strip();
        var length = name.codePointCount(0, name.length());
        if (length < LEAST_NAME || length > MOST_NAME) {
            throw invalid("A record's name has 3 to 200 characters; this one has " + length + ".");
        }
        if (hasControls(name)) {
            throw invalid("A record's name holds no control characters.");
        }
        return name;
    }

    static @Nullable String author(@Nullable String wish) throws RecordException {
        if (wish == null || wish.isBlank()) {
            return null;
        }
        var author = wish.strip();
        if (author.length() > MOST_NAME || hasControls(author)) {
            throw invalid("An author's name has at most 200 characters, none a control character.");
        }
        return author;
    }

    static @Nullable String slot(@Nullable String wish) throws RecordException {
        if (wish != null && (wish.isBlank() || wish.length() > MOST_SLOT || hasControls(wish))) {
            throw invalid("A slot's name has 1 to 200 characters, none a control character.");
        }
        return wish;
    }

    /** How many tracks a record may have. */
    static void tracks(int count) throws RecordException {
        if (count < 1 || count > MOST_TRACKS) {
            throw invalid("A record has 1 to " + MOST_TRACKS + " tracks, not " + count + ".");
        }
    }

    /** A link, percent-encoded where that is needed. */
    static URI link(String wish) throws RecordException {
        var text = wish.strip();
        if (hasControls(text)) {
            throw invalid("The link holds control characters.");
        }
        var link = parsed(text);
        var scheme = link.getScheme();
        if (scheme == null) {
            throw invalid("\"" + shortened(text) + "\" is no link: it begins with no scheme.");
        }
        if (NEVER.contains(scheme.toLowerCase(Locale.ROOT))) {
            throw invalid("Links of the scheme " + scheme + ": cannot be etched; use http(s).");
        }
        if (link.getRawUserInfo() != null || userInfo(link)) {
            throw invalid(
                    "A record is handed on to others: its link must hold no user name or"
                            + " password.");
        }
        if (link.toString().length() > MOST_LINK) {
            throw invalid("A link has at most 2,048 characters.");
        }
        return link;
    }

    /** Looks at a record somebody else made. */
    static EtchedRecord checked(EtchedRecord record) throws RecordException {
        tracks(record.tracks().size());
        for (var track : record.tracks()) {
            link(track.link().toString());
            if (hasControls(track.title())) {
                throw invalid("A track's title holds no control characters.");
            }
        }
        return new EtchedRecord(
                record.id(),
                name(record.name()),
                author(record.author()),
                record.tracks(),
                record.etched());
    }

    private static boolean userInfo(URI link) {
        // Where the host name is no name of a server, the parser takes the authority as a whole.
        var authority = link.getRawAuthority();
        return authority != null && authority.indexOf('@') >= 0;
    }

    private static URI parsed(String text) throws RecordException {
        try {
            return new URI(encoded(text));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new RecordException(
                    Reason.INVALID, "\"" + shortened(text) + "\" is no well-formed link.", e);
        }
    }

    private static String encoded(String text) {
        var begin = text.indexOf("://") < 0 ? 0 : text.indexOf("://") + 3;
        var end = begin;
        while (begin > 0 && end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        var result = new StringBuilder(text.substring(0, begin));
        var authority = text.substring(begin, end);
        var isAscii = authority.chars().allMatch(c -> c < 128);
        result.append(isAscii ? authority : IDN.toASCII(authority));
        text.substring(end).codePoints().forEach(c -> append(result, c));
        return repaired(result.toString());
    }

    private static void append(StringBuilder result, int c) {
        var letter = c < 128 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0);
        if (letter || c == '%') {
            result.appendCodePoint(c);
            return;
        }
        for (var octet : Character.toString(c).getBytes(UTF_8)) {
            result.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
        }
    }

    /** A per cent sign that begins no escape stands for itself. */
    private static String repaired(String text) {
        var result = new StringBuilder();
        for (var at = 0; at < text.length(); at++) {
            result.append(text.charAt(at));
            if (text.charAt(at) == '%' && !(isHex(text, at + 1) && isHex(text, at + 2))) {
                result.append("25");
            }
        }
        return result.toString();
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && HEX.indexOf(text.charAt(at)) >= 0;
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 79) + "…";
    }

    private static RecordException invalid(String message) {
        return new RecordException(Reason.INVALID, message);
    }
}
