package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes links to previews and media, and serves them while they live. Safe for any thread. */
final class Delivery {
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Clock clock;
    private final URI base;

    Delivery(Clock clock, URI base) {
        this.clock = clock;
        this.base = base;
    }

    /** A link to a preview, or the empty text. */
    String preview(FakeTrack track) {
        return track.preview()
                .map(
                        body ->
                                add(
                                        "/preview/" + track.id(),
                                        ".mp3",
                                        new Link(
                                                Endpoint.PREVIEW,
                                                track.id(),
                                                resource(body),
                                                LinkLife.forever(),
                                                Instant.MAX)))
                .map(path -> base + path)
                .orElse("");
    }

    /** Links to the wire bytes of a track, one for each source. */
    List<String> links(FakeTrack track, Format format, String secret, Instant expiry) {
        var wire = track.wire(format, secret);
        var made = new ArrayList<String>();
        for (var source = 0; source < track.sources(); source++) {
            var resource = resource(wire);
            if (track.bytesPerSecond() > 0) {
                resource.pace(track.bytesPerSecond());
            }
            var link = new Link(Endpoint.DELIVERY, track.id(), resource, track.nextLife(), expiry);
            made.add(track.sourceBase().orElse(base) + add("/media/marked-link", "", link));
        }
        return made;
    }

    /** Paths of all media links ever made, in order. */
    synchronized List<String> mediaPaths() {
        return links.keySet().stream().filter(path -> path.startsWith("/media/")).toList();
    }

    /** The call with the track it is about. */
    Call recognise(Call call) {
        var link = find(call.path());
        return link == null ? call : call.about(link.endpoint, link.track);
    }

    void serve(Exchange exchange) throws IOException {
        var link = find(URI.create(exchange.target()).getPath());
        if (link == null) {
            Reply.html(404, "Not Found").send(exchange);
        } else {
            link.serve(exchange, clock.instant());
        }
    }

    private synchronized @Nullable Link find(String path) {
        return links.get(path);
    }

    private synchronized String add(String start, String end, Link link) {
        var path = start + "-" + (links.size() + 1) + end;
        links.put(path, link);
        return path;
    }

    private static Resource resource(Body body) {
        // Another body is another representation, also where the length is the same.
        return Resource.of(body)
                .etag("\"" + body.sha256().substring(0, 16) + "\"")
                .header("Content-Type", "audio/mpeg");
    }

    private static final class Link {
        private final Endpoint endpoint;
        private final long track;
        private final Resource resource;
        private final LinkLife life;
        private final Instant expiry;
        private int requests;
        private boolean dead;

        Link(Endpoint endpoint, long track, Resource resource, LinkLife life, Instant expiry) {
            this.endpoint = endpoint;
            this.track = track;
            this.resource = resource;
            this.life = life;
            this.expiry = expiry;
        }

        void serve(Exchange exchange, Instant now) throws IOException {
            var room = life.untilByte() - exchange.from();
            if (!admits(room, now)) {
                Reply.html(life.status(), "The link has expired").send(exchange);
                return;
            }
            if (life.untilByte() < Long.MAX_VALUE) {
                exchange.cutAfter(room);
            }
            try {
                resource.handle(exchange);
            } finally {
                // What was sent to the end of the link's life was cut there, unless nothing was
                // left to send.
                if (exchange.bodyBytes() == room && exchange.last() >= life.untilByte()) {
                    die();
                }
            }
        }

        private synchronized boolean admits(long room, Instant now) {
            dead = dead || room <= 0 || requests >= life.requests() || !now.isBefore(expiry);
            requests++;
            return !dead;
        }

        private synchronized void die() {
            dead = true;
        }
    }
}
