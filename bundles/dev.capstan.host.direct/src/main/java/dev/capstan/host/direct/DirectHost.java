package dev.capstan.host.direct;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Component;

/**
 * The host of all links that are the address of a file themselves: http and https, and file for the
 * operator. What is behind the link of a Metalink document is asked for; a file's link is taken as
 * it is, and does not expire. Only for somebody who looks before adding it is its size asked for.
 */
@Component(
        property = {
            HostResolver.ID + "=" + DirectHost.NAME,
            HostResolver.SCHEMES + "=http",
            HostResolver.SCHEMES + "=https",
            HostResolver.SCHEMES + "=file"
        })
public final class DirectHost implements HostResolver {
    static final String NAME = "direct";

    private static final String NAMELESS = "index.html";
    private static final int MARK_BYTES = 8;

    /** Headers that tell who asks, and not for which bytes. */
    private static final Set<String> UNMARKED = Set.of("referer", "user-agent");

    @Override
    public Optional<String> recognise(String link) {
        return CanonicalLink.of(link);
    }

    @Override
    public Resolution resolve(String link, ResolveContext context)
            throws DownloadException, InterruptedException {
        var canonical =
                CanonicalLink.of(link)
                        .orElseThrow(
                                () ->
                                        new DownloadException(
                                                ErrorClass.BLOCKED,
                                                "This is no link that can be fetched directly:"
                                                        + " http, https or file"));
        var uri = URI.create(canonical);
        var headers = context.headers();
        if (Metalink.isPath(uri.getRawPath())) {
            return new Metalink(uri, context, mark(canonical, headers)).resolve();
        }
        if (uri.getScheme().equals("file")) {
            return new Resolution.Found(LocalFile.of(uri, context.trust()));
        }
        var key = new SourceKey(NAME, canonical + mark(canonical, headers));
        var file = RemoteFile.of(key, new DirectLink(uri, headers)).guessedName(name(uri));
        if (context.purpose() == ResolveContext.Purpose.PREVIEW) {
            Glance.at(file, uri, context);
        }
        return new Resolution.Found(file);
    }

    private static String name(URI uri) {
        var segments = uri.getRawPath().split("/");
        var last = segments.length == 0 ? "" : segments[segments.length - 1];
        return last.isEmpty() ? NAMELESS : PercentEncoding.decode(last);
    }

    /**
     * Two askers with different credentials may get different bytes; a canonical link has no
     * fragment of its own. The link is hashed too, so that equal passwords leave no equal marks.
     */
    private static String mark(String link, Map<String, String> headers) {
        var marked = new TreeMap<String, String>();
        headers.forEach((name, value) -> marked.put(name.toLowerCase(Locale.ROOT), value.strip()));
        marked.keySet().removeAll(UNMARKED);
        if (marked.isEmpty()) {
            return "";
        }
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(link.getBytes(UTF_8));
            marked.forEach(
                    (name, value) -> sha.update(("\n" + name + ":" + value).getBytes(UTF_8)));
            return "#" + HexFormat.of().formatHex(sha.digest(), 0, MARK_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
