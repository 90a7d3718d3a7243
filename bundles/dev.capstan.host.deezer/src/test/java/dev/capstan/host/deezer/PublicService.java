package dev.capstan.host.deezer;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The public API as far as a test needs it, on a real socket: paged lists and scripted errors. */
final class PublicService implements AutoCloseable {
    private static final Pattern QUERY = Pattern.compile(".*\\?index=([0-9]+)&limit=([0-9]+)");

    private final Origin origin = Origin.plain();

    URI uri() {
        return origin.uri("");
    }

    PublicService serve(String path, Handler handler) {
        origin.serve(path, handler);
        return this;
    }

    PublicService answer(String path, String json) {
        return serve(path, exchange -> exchange.answer(200, json));
    }

    PublicService error(String path, int code) {
        return answer(path, errorBody(code));
    }

    static String errorBody(int code) {
        return "{\"error\":{\"type\":\"Some\",\"message\":\"canary words\",\"code\":" + code + "}}";
    }

    /** A list of tracks with one of them embedded in its object, as the service cuts it. */
    PublicService list(String path, String object, List<String> tracks) {
        answer(path, object);
        return serve(path + "/tracks", exchange -> page(exchange, tracks));
    }

    void page(Exchange exchange, List<String> tracks) throws IOException {
        var query = QUERY.matcher(exchange.target());
        if (!query.matches()) {
            exchange.answer(200, errorBody(501));
            return;
        }
        var from = Integer.parseInt(query.group(1));
        var to = Math.min(tracks.size(), from + Integer.parseInt(query.group(2)));
        // The service's own next link, of which only the index may count.
        var next =
                to < tracks.size()
                        ? ",\"next\":\"https://elsewhere.test/x?limit=7&index=" + to + "\""
                        : "";
        exchange.answer(
                200,
                "{\"data\":["
                        + String.join(",", tracks.subList(Math.min(from, to), to))
                        + "],\"total\":"
                        + tracks.size()
                        + next
                        + "}");
    }

    static List<String> tracks(int first, int count, int discs) {
        var tracks = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            tracks.add(track(first + i, i + 1, 1 + i * discs / count));
        }
        return tracks;
    }

    static String track(int id, int position, int disc) {
        return track(id, position, disc, "");
    }

    static String track(int id, int position, int disc, String more) {
        return """
        {"id":%d,"title":"Song %d","isrc":"XX%d","duration":180,"track_position":%d,
         "disk_number":%d,"readable":true,"artist":{"id":7,"name":"Singer"},
         "album":{"title":"Songs"}%s}"""
                .formatted(id, id, id, position, disc, more);
    }

    List<String> calls() {
        return origin.log().stream().map(Exchange::target).collect(Collectors.toList());
    }

    List<Exchange> log() {
        return origin.log();
    }

    @Override
    public void close() {
        origin.close();
    }
}
