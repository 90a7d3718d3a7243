package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Reply;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes links to previews, each another one, and serves them. Safe for any thread. */
final class Delivery {
    private final Map<String, Link> links = new HashMap<>();
    private final URI base;

    private record Link(long track, Resource resource) {}

    Delivery(URI base) {
        this.base = base;
    }

    /** A link to a preview, or the empty text. */
    String preview(FakeTrack track) {
        return track.elsewhere()
                .or(() -> track.preview().map(body -> base + add(track.id(), body)))
                .orElse("");
    }

    private synchronized String add(long track, Body body) {
        var path = "/preview/" + track + "-" + (links.size() + 1) + ".mp3";
        // Another body is another representation, also where the length is the same.
        var resource =
                Resource.of(body)
                        .etag("\"" + body.sha256().substring(0, 16) + "\"")
                        .header("Content-Type", "audio/mpeg");
        links.put(path, new Link(track, resource));
        return path;
    }

    /** The call with the track it is about. */
    Call recognise(Call call) {
        var link = find(call.path());
        return link == null ? call : call.about(Endpoint.PREVIEW, link.track());
    }

    void serve(Exchange exchange) throws IOException {
        var link = find(URI.create(exchange.target()).getPath());
        if (link == null) {
            Reply.html(404, "Not Found").send(exchange);
        } else {
            link.resource().handle(exchange);
        }
    }

    private synchronized @Nullable Link find(String path) {
        return links.get(path);
    }
}
