package dev.capstan.tck;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the parameters that a request names behind its path. */
public final class Query {
    private Query() {}

    /**
     * The parameters of a request.
     *
     * @param target of the request: a path, and a query where it has one
     * @return decoded, in their order; of several with one name the last
     */
    public static Map<String, String> of(String target) {
        var all = new LinkedHashMap<String, String>();
        var begin = target.indexOf('?');
        if (begin >= 0) {
            for (var pair : target.substring(begin + 1).split("&")) {
                var equals = pair.indexOf('=');
                all.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return all;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
