package dev.capstan.admin.rest.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a query, and of nothing else: what a servlet calls parameters may come from a
 * form in the body too, which any page of any site can send.
 */
final class Query {

    private Query() {}

    static Map<String, List<String>> of(HttpServletRequest request) throws ProblemException {
        var query = request.getQueryString();
        if (query == null || query.isEmpty()) {
            return Map.of();
        }
        var parameters = new LinkedHashMap<String, List<String>>();
        for (var part : query.split("&")) {
            if (!part.isEmpty()) {
                var equals = part.indexOf('=');
                var name = decoded(equals < 0 ? part : part.substring(0, equals));
                var value = equals < 0 ? "" : decoded(part.substring(equals + 1));
                parameters.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
            }
        }
        return parameters;
    }

    private static String decoded(String text) throws ProblemException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed("The query has a broken escape.");
        }
    }
}
