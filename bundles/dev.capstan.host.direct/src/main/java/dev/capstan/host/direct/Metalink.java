package dev.capstan.host.direct;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.metalink.spi.MetalinkDocument;
import dev.capstan.metalink.spi.MetalinkFile;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Links to Metalink 4 documents, in the web or of the operator's own machine: one download for each
 * file in the document, from all the addresses it names. The link of one file is that of the
 * document with the file's name as fragment, so that the document is read again when its download
 * begins.
 */
final class Metalink {
    private static final String SUFFIX = ".meta4";
    private static final Duration WITHIN = Duration.ofSeconds(30);

    /** Longest document. */
    static final int LONGEST = 8 << 20;

    private static final int KEY_DIGITS = 16;

    private final URI document;
    private final String wanted;
    private final ResolveContext context;
    private final String mark;

    /**
     * What is behind a link.
     *
     * @param link canonical
     * @param mark tells askers with different credentials apart
     */
    Metalink(URI link, ResolveContext context, String mark) {
        var text = link.toString();
        var hash = text.indexOf('#');
        document = hash < 0 ? link : URI.create(text.substring(0, hash));
        wanted = hash < 0 ? "" : PercentEncoding.decode(text.substring(hash + 1));
        this.context = context;
        this.mark = mark;
    }

    /** Whether a path is that of a document. */
    static boolean isPath(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(SUFFIX);
    }

    Resolution resolve() throws DownloadException, InterruptedException {
        var files = MetalinkDocument.parse(read());
        if (files.isEmpty()) {
            throw new DownloadException(
                    ErrorClass.NOT_FOUND, "The Metalink document " + place() + " names no file");
        }
        if (wanted.isEmpty() && files.size() > 1) {
            var entries = files.stream().map(this::entry).toList();
            return new Resolution.Listing(listName(), cursor -> new Resolution.Page(entries, null));
        }
        for (var file : files) {
            if (wanted.isEmpty() || file.name().equals(wanted)) {
                return new Resolution.Found(found(file));
            }
        }
        throw new DownloadException(
                ErrorClass.NOT_FOUND,
                "The Metalink document " + place() + " does not name the file any more");
    }

    private byte[] read() throws DownloadException, InterruptedException {
        if (isLocal()) {
            return LocalFile.bytes(document, context.trust(), LONGEST);
        }
        var base = origin(document);
        var trusted = context.trust() == Trust.OPERATOR ? Set.of(base) : Set.<URI>of();
        var client = context.http(new OutboundHttp.Policy(trusted, Set.of(), WITHIN));
        var request = OutboundRequest.get(document).withMaxAnswer(LONGEST);
        for (var field : context.headers().entrySet()) {
            request = request.with(field.getKey(), field.getValue());
        }
        var answer = client.send(request);
        if (answer.status() != 200) {
            throw answer.failure(document.getHost());
        }
        return answer.body();
    }

    private Resolution.Entry entry(MetalinkFile file) {
        return new Resolution.Entry(
                document + fragment(file), file.lastName(), file.size(), file.folder(), Map.of());
    }

    private RemoteFile found(MetalinkFile file) throws DownloadException {
        var links = links(file);
        if (links.isEmpty()) {
            throw new DownloadException(
                    ErrorClass.NOT_FOUND,
                    "The Metalink document "
                            + place()
                            + " names no http or https address of the file");
        }
        var digest = file.digest();
        // Another digest is another file, whatever its name.
        var version = digest == null ? "" : "=" + digest.hex().substring(0, KEY_DIGITS);
        var key = new SourceKey(DirectHost.NAME, document + fragment(file) + version + mark);
        var remote = RemoteFile.of(key, links.get(0)).name(file.lastName());
        links.stream().skip(1).forEach(remote::link);
        if (digest != null) {
            remote.digest(digest);
        }
        if (file.size() != null) {
            remote.size(file.size());
        }
        if (file.pieces() != null) {
            remote.pieces(file.pieces());
        }
        // What came out of the listing is in its folder already.
        if (file.folder() != null && wanted.isEmpty()) {
            remote.folder(file.folder());
        }
        return remote;
    }

    /** What the document names reaches no further than the document, and gets no secrets of it. */
    private List<DirectLink> links(MetalinkFile file) {
        // A local one may have come from anywhere: it reaches nothing but the public network.
        var home = isLocal() ? null : origin(document);
        return file.addresses().stream()
                .flatMap(uri -> CanonicalLink.of(uri.toString()).stream())
                .map(URI::create)
                .distinct()
                // Without a digest an eavesdropper of one mirror would choose the bytes.
                .filter(uri -> file.digest() != null || isAsSecure(uri))
                .map(
                        uri ->
                                origin(uri).equals(home)
                                        ? new DirectLink(uri, context.headers())
                                        : new DirectLink(uri, Map.of(), true))
                .toList();
    }

    private boolean isAsSecure(URI uri) {
        return uri.getScheme().equals("https") || !document.getScheme().equals("https");
    }

    private static String fragment(MetalinkFile file) {
        return "#" + PercentEncoding.path(file.name());
    }

    private String listName() {
        var path = PercentEncoding.decode(document.getRawPath());
        var name = path.substring(path.lastIndexOf('/') + 1);
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private boolean isLocal() {
        return document.getScheme().equals("file");
    }

    /** Where it is, as messages may show it. */
    private String place() {
        return isLocal() ? document.getPath() : "of " + document.getHost();
    }

    private static URI origin(URI uri) {
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
    }
}
