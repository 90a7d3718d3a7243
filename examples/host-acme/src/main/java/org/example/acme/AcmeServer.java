package org.example.acme;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution.Entry;
import dev.capstan.host.spi.Resolution.Page;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a web server says about a link. */
final class AcmeServer {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final Pattern HREF =
            Pattern.compile("<a\\s[^>]*?href\\s*=\\s*\"([^\"?#]*)\"", Pattern.CASE_INSENSITIVE);

    private final AcmeLink link;
    private final OutboundHttp.Client client;

    /** The context's client is the only way to the network: limited, timed, and interruptible. */
    AcmeServer(AcmeLink link, ResolveContext context) {
        this.link = link;
        var base = link.address().resolve("/");
        // Whoever typed the link may mean a machine of his own network; others may not.
        var trusted = context.trust() == Trust.OPERATOR ? Set.of(base) : Set.<URI>of();
        client = context.http(new OutboundHttp.Policy(trusted, Set.of(), WITHIN));
    }

    /** The file: where its bytes are, and what is known of it. */
    RemoteFile file() throws DownloadException, InterruptedException {
        var answer = send(OutboundRequest.head(link.address()));
        // Equal keys are fetched once, so a key must not be shared by different bytes.
        var key = new SourceKey("acme", link.canonical());
        var file = RemoteFile.of(key, DirectLink.of(link.address())).name(link.name());
        answer.header("content-length")
                .filter(digits -> digits.matches("[0-9]{1,18}"))
                .ifPresent(digits -> file.size(Long.parseLong(digits)));
        return file;
    }

    /** The index of a folder: all that is in it, and nothing that leads out of it. */
    Page page() throws DownloadException, InterruptedException {
        var index = send(OutboundRequest.get(link.address())).text();
        var entries = new LinkedHashMap<String, Entry>();
        HREF.matcher(index)
                .results()
                .map(found -> below(found.group(1)))
                .flatMap(Optional::stream)
                .forEach(
                        child ->
                                entries.putIfAbsent(
                                        child.canonical(),
                                        new Entry(
                                                child.canonical(),
                                                child.name(),
                                                null,
                                                null,
                                                Map.of())));
        return new Page(List.copyOf(entries.values()), null);
    }

    /** What a link of the index leads to, if it is directly in the folder. */
    private Optional<AcmeLink> below(String href) {
        try {
            var child = link.address().resolve(href);
            return AcmeLink.of("acme:" + child.getRawSchemeSpecificPart())
                    .filter(found -> found.canonical().startsWith(link.canonical()))
                    .filter(found -> !found.equals(link));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private OutboundResponse send(OutboundRequest request)
            throws DownloadException, InterruptedException {
        var answer = client.send(request);
        if (answer.status() != 200) {
            throw answer.failure(link.address().getHost());
        }
        return answer;
    }
}
