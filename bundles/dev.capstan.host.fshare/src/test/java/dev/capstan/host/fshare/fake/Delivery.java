package dev.capstan.host.fshare.fake;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Reply;
import dev.capstan.tck.Resource;
import dev.capstan.tck.script.LinkLife;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes direct links and serves them for as long as they live. Safe for any thread. */
final class Delivery {
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final URI base;

    Delivery(URI base) {
        this.base = base;
    }

    /** A new direct link to a file. */
    String link(FakeFile file) {
        var body = file.body();
        // Another body is another representation, also where the length is the same.
        var tag = "\"" + Integer.toHexString(System.identityHashCode(body)) + "\"";
        var resource = Resource.of(body).etag(tag);
        if (file.bytesPerSecond() > 0) {
            resource.pace(file.bytesPerSecond());
        }
        var link = new Link(file.nextLife(), resource);
        synchronized (this) {
            var name = URLEncoder.encode(file.name(), StandardCharsets.UTF_8).replace("+", "%20");
            var path = "/dl/marked-direct-" + (links.size() + 1) + "/" + name;
            links.put(path, link);
            return file.delivery().orElse(base) + path;
        }
    }

    /** Paths of all links ever made, in order. */
    synchronized List<String> paths() {
        return List.copyOf(links.keySet());
    }

    /** Serves a request by its path. */
    void serve(Exchange exchange) throws IOException {
        var target = exchange.target();
        var query = target.indexOf('?');
        Link link;
        synchronized (this) {
            link = links.get(query < 0 ? target : target.substring(0, query));
        }
        if (link == null) {
            Reply.html(404, "Not Found").send(exchange);
        } else {
            link.serve(exchange);
        }
    }

    private static final class Link {
        private final LinkLife life;
        private final Resource resource;
        private int requests;
        private boolean dead;

        Link(LinkLife life, Resource resource) {
            this.life = life;
            this.resource = resource;
        }

        void serve(Exchange exchange) throws IOException {
            var room = life.untilByte() - exchange.from();
            if (!admits(room)) {
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

        private synchronized boolean admits(long room) {
            dead = dead || room <= 0 || requests >= life.requests();
            requests++;
            return !dead;
        }

        private synchronized void die() {
            dead = true;
        }
    }
}
