package dev.capstan.host.fshare;

import dev.capstan.content.SourceKey;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A link to a file or folder of Fshare (F1), known by taking it apart and never by looking for a
 * name in its text.
 *
 * @param kind what it leads to
 * @param code the code, as it was given
 */
record FshareLink(Kind kind, String code) {
    /** The host of canonical links. */
    static final String HOST = "www.fshare.vn";

    /** The id of this host. */
    static final String ID = "fshare";

    private static final String CODE = "[A-Za-z0-9]{1,32}";
    private static final Pattern CODE_ALONE = Pattern.compile(CODE);

    /** A host with nothing but a standard port beside it, one kind, one code. */
    private static final Pattern LINK =
            Pattern.compile(
                    "(?:(?i:http)://([^/?#@:\\\\\\s]+)(?::80)?|(?i:https)://([^/?#@:\\\\\\s]+)(?::443)?)"
                            + "/(file|folder)/("
                            + CODE
                            + ")/?(?:[?#].*)?",
                    Pattern.DOTALL);

    enum Kind {
        FILE,
        FOLDER
    }

    /** Takes a link apart; empty for everything that is not ours. Never throws. */
    static Optional<FshareLink> parse(String link, Set<String> hosts) {
        var parts = LINK.matcher(link);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        if (!hosts.contains(hostName(host))) {
            return Optional.empty();
        }
        var kind = parts.group(3).equals("file") ? Kind.FILE : Kind.FOLDER;
        return Optional.of(new FshareLink(kind, parts.group(4)));
    }

    /** Whether a text of the service can be a code. */
    static boolean isCode(String text) {
        return CODE_ALONE.matcher(text).matches();
    }

    /** Lower case, without a trailing dot. */
    static String hostName(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** The link as calls name it, with the code as it was given. */
    String address() {
        return address(code);
    }

    /** F3: one form for all links that mean the same; case does not count in a code. */
    String canonical() {
        return address(id());
    }

    /** The code in the form that names the bytes. */
    String id() {
        return code.toUpperCase(Locale.ROOT);
    }

    SourceKey key() {
        return new SourceKey(ID, id());
    }

    private String address(String ofCode) {
        return "https://" + HOST + (kind == Kind.FILE ? "/file/" : "/folder/") + ofCode;
    }
}
