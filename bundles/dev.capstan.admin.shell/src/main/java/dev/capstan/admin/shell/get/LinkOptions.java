package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.Arguments;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.content.Digest;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.Trust;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What may be said of one link, on the command line or in an input file. */
public final class LinkOptions {

    /** The options as {@link dev.capstan.admin.shell.call.Usage} reads them. */
    public static final String TEXT =
            """
              -d, --dir DIR                       folder for the file
              -o, --out NAME                      name of the file
                  --checksum TYPE=HEX             digest the file must have, as sha-256=9f86d0...
                  --header 'NAME: VALUE'          header to send with each request; may be repeated
                  --link-password WORD            password of a link that needs one
              -s, --split N                       at most N connections for the file
              -x, --max-connection-per-server N   at most N connections to one server
                  --max-download-limit SPEED      at most so many bytes a second, as 500K or 2M
            """;

    private static final int MOST_CONNECTIONS = 64;

    private final Arguments arguments;
    private final Path current;

    LinkOptions(Arguments arguments, Path current) {
        this.arguments = arguments;
        this.current = current;
    }

    /** Checks everything, so that a mistake is told before anything begins. */
    void check() throws CommandException {
        request("", DownloadOptions.DEFAULT);
    }

    /**
     * Makes the request for a link.
     *
     * @param base the options of the call itself
     */
    public DownloadRequest request(String link, DownloadOptions base) throws CommandException {
        var request =
                DownloadRequest.of(link)
                        .trust(Trust.OPERATOR)
                        .fileName(name())
                        .linkPassword(arguments.value("link-password"))
                        .folder(folder());
        for (var checksum : arguments.values("checksum")) {
            request.promise(digest(checksum));
        }
        for (var header : arguments.values("header")) {
            addHeader(header, request);
        }
        return request.options(base.withLimits(connections(), limit()));
    }

    /** A name that is a path would be cleaned into another one than was asked for. */
    private @Nullable String name() throws CommandException {
        var name = arguments.value("out");
        if (name != null && (name.contains("/") || name.equals(".") || name.equals(".."))) {
            throw CommandException.usage("--out is a file's name; --dir says where it goes.");
        }
        return name;
    }

    /** The folder that was named, absolute, or null. */
    @Nullable Path folder() throws CommandException {
        var dir = arguments.path("dir");
        return dir == null ? null : current.resolve(dir).normalize();
    }

    boolean namesOneFile() {
        return arguments.has("out") || arguments.has("checksum");
    }

    /** Somebody waits for it: it ends where it would wait without end. */
    static DownloadOptions waited(int retries, Duration firstByteWithin) {
        return new DownloadOptions(0, 0, retries, firstByteWithin, true);
    }

    private int connections() throws CommandException {
        var split = arguments.number("split", 0, 1, MOST_CONNECTIONS);
        var server = arguments.number("max-connection-per-server", 0, 1, MOST_CONNECTIONS);
        return split == 0 || server == 0 ? Math.max(split, server) : Math.min(split, server);
    }

    private long limit() throws CommandException {
        var value = arguments.value("max-download-limit");
        if (value == null) {
            return 0;
        }
        var shift =
                switch (value.isEmpty() ? ' ' : value.charAt(value.length() - 1)) {
                    case 'K', 'k' -> 10;
                    case 'M', 'm' -> 20;
                    case 'G', 'g' -> 30;
                    default -> 0;
                };
        try {
            var digits = shift == 0 ? value : value.substring(0, value.length() - 1);
            var number = Long.parseLong(digits);
            if (number >= 0 && number <= Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        throw CommandException.usage(
                "--max-download-limit needs bytes a second, as 500K or 2M, not \"" + value + "\".");
    }

    private static Digest digest(String text) throws CommandException {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--checksum: " + e.getMessage() + ".");
        }
    }

    /** RFC 9110 §5: a token, a colon, and a value without line ends. The value may be a secret. */
    private static void addHeader(String header, DownloadRequest request) throws CommandException {
        var colon = header.indexOf(':');
        var name = colon < 0 ? "" : header.substring(0, colon).strip();
        var value = header.substring(colon + 1).strip();
        if (!isToken(name) || value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
            throw CommandException.usage("--header needs the form 'NAME: VALUE'.");
        }
        request.header(name, value);
    }

    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            if (c <= ' ' || c > '~' || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
