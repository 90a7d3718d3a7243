package dev.capstan.admin.rest.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds who answers a method on a path. Set up by one thread, then used by any number. */
public final class Router {
    private final List<Route> routes = new ArrayList<>();

    /** Answers a request; what it throws is told as a problem. */
    @FunctionalInterface
    public interface Handler {

        /** Answers. */
        Reply answer(Call call) throws ProblemException, IOException, InterruptedException;
    }

    private record Route(String method, List<String> path, Handler handler) {

        /** What the path names, or empty where it is another. */
        Optional<Map<String, String>> match(List<String> given) {
            if (given.size() != path.size()) {
                return Optional.empty();
            }
            var named = new LinkedHashMap<String, String>();
            for (int i = 0; i < path.size(); i++) {
                var part = path.get(i);
                if (part.startsWith("{")) {
                    named.put(part.substring(1, part.length() - 1), given.get(i));
                } else if (!part.equals(given.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(named);
        }
    }

    /** A handler with what the path named. */
    public record Match(Handler handler, Map<String, String> named) {}

    /**
     * Adds a route; of two that fit, the first is taken.
     *
     * @param method in upper case
     * @param path with names in braces, such as {@code /downloads/{id}}
     */
    public Router add(String method, String path, Handler handler) {
        routes.add(new Route(method, parts(path), handler));
        return this;
    }

    /** Finds the route of a request. */
    public Match find(String method, String path) throws ProblemException {
        var given = parts(path);
        var others = new TreeSet<String>();
        for (var route : routes) {
            var named = route.match(given);
            if (named.isPresent()) {
                if (route.method.equals(method)) {
                    return new Match(route.handler, named.get());
                }
                others.add(route.method);
            }
        }
        if (others.isEmpty()) {
            throw ProblemException.notFound("There is nothing at this path.");
        }
        throw new ProblemException(
                405, "METHOD", "This path takes " + String.join(", ", others) + ".");
    }

    private static List<String> parts(String path) {
        return List.of(path.split("/", -1));
    }
}
