package dev.capstan.itest;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An origin with files of all sizes, good and bad ones, made by chance from a seed. */
final class SoakOrigin implements AutoCloseable {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    /** All there is; so few that the content store meets most of them again. */
    private static final List<Body> BODIES = new ArrayList<>();

    private static final Map<Body, String> DIGESTS = new HashMap<>();

    static {
        var random = new Random(1);
        for (var i = 0; i < 160; i++) {
            var most = i % 16 == 0 ? 5 * MIB : i % 4 == 0 ? MIB : 64 * KIB;
            BODIES.add(Body.random(i == 0 ? 0 : random.nextInt(most), i));
        }
        BODIES.add(Body.random(24 * MIB, 1000));
        BODIES.forEach(body -> DIGESTS.put(body, body.sha256()));
    }

    /** What is wrong with a file. */
    private enum Fault {
        NONE,
        SLOW,
        CUT_ONCE,
        RESET_ONCE,
        STALLED_ONCE,
        BUSY_ONCE,
        CHANGED,
        CHUNKED,
        WITHOUT_LENGTH,
        WITHOUT_RANGES,
        MISSING(true),
        ALWAYS_CUT(true),
        ALWAYS_BUSY(true),
        FALSE_PROMISE(true),
        FALSE_LENGTH(true),
        NOT_HTTP(true);

        private final boolean isFatal;

        Fault() {
            this(false);
        }

        Fault(boolean isFatal) {
            this.isFatal = isFatal;
        }
    }

    /**
     * A file that may be asked for.
     *
     * @param promise the digest to be demanded, or null
     * @param digest the one its bytes have in the end, or null where it has to fail
     */
    record Item(String link, String promise, String digest) {}

    private final Origin origin = Origin.plain();
    private final List<Item> items = new ArrayList<>();

    SoakOrigin(int count, Random random) {
        for (var i = 0; i < count; i++) {
            var faults = Fault.values();
            var fault = random.nextBoolean() ? Fault.NONE : faults[random.nextInt(faults.length)];
            serve("/" + fault + "-" + i, fault, any(random), any(random));
        }
    }

    List<Item> items() {
        return items;
    }

    @Override
    public void close() {
        origin.close();
    }

    private static Body any(Random random) {
        return BODIES.get(random.nextInt(BODIES.size()));
    }

    private void serve(String path, Fault fault, Body body, Body other) {
        // What breaks after half of nothing is not broken.
        var breaks = fault.isFatal || fault == Fault.CHANGED;
        var first = breaks && body.length() < 2 * KIB ? BODIES.get(16) : body;
        origin.serve(path, handler(fault, first, other));
        var end = fault == Fault.CHANGED ? other : first;
        items.add(
                new Item(
                        origin.uri(path).toString(),
                        fault == Fault.FALSE_PROMISE ? "0".repeat(64) : null,
                        fault.isFatal ? null : DIGESTS.get(end)));
    }

    private static Handler handler(Fault fault, Body body, Body other) {
        // By what it is: a later origin may get the same port, and its links are the same then.
        var file = Resource.of(body).etag("\"" + DIGESTS.get(body) + "\"");
        var half = body.length() / 2;
        return switch (fault) {
            case NONE, FALSE_PROMISE -> file;
            case SLOW -> file.pace(Math.max(64 * KIB, body.length()));
            case CUT_ONCE -> once(exchange -> exchange.cutAfter(half), file);
            case RESET_ONCE -> once(exchange -> exchange.resetAfter(half), file);
            case STALLED_ONCE -> once(exchange -> exchange.stallAfter(half), file);
            case BUSY_ONCE ->
                    exchange -> {
                        if (exchange.number() == 1) {
                            exchange.answer(503, "Later");
                        } else {
                            file.handle(exchange);
                        }
                    };
            case CHANGED -> {
                var later = Resource.of(other).etag("\"later-" + DIGESTS.get(other) + "\"");
                yield exchange -> {
                    if (exchange.number() == 1) {
                        exchange.cutAfter(half);
                        file.handle(exchange);
                    } else {
                        later.handle(exchange);
                    }
                };
            }
            case CHUNKED -> file.chunked();
            case WITHOUT_LENGTH -> file.withoutLength();
            case WITHOUT_RANGES -> once(exchange -> exchange.cutAfter(half), file.withoutRanges());
            case MISSING -> exchange -> exchange.answer(404, "Nothing here");
            case ALWAYS_CUT ->
                    exchange -> {
                        exchange.cutAfter(half / 2);
                        file.withoutRanges().handle(exchange);
                    };
            case ALWAYS_BUSY -> exchange -> exchange.answer(503, "Never");
            case FALSE_LENGTH ->
                    exchange -> exchange.raw("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
            case NOT_HTTP -> exchange -> exchange.raw("220 Welcome\r\n");
        };
    }

    @FunctionalInterface
    private interface Change {
        void make(Exchange exchange) throws IOException;
    }

    private static Handler once(Change change, Handler file) {
        return exchange -> {
            if (exchange.number() == 1) {
                change.make(exchange);
            }
            file.handle(exchange);
        };
    }
}
