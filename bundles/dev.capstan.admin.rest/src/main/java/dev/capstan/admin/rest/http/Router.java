package dev.capstan.admin.rest.http;

import dev.capstan.access.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds who answers a method on a path. A part of a path that is spelled out wins over one that is
 * only named, whichever was added first, as far as the method is one it has.
 *
 * <p>Set up by one thread, then used by any number.
 */
public final class Router {
    private final List<Path> paths = new ArrayList<>();

    /** Answers a request; what it throws is told as a problem. */
    @FunctionalInterface
    public interface Handler {

        /** Answers. */
        Answer answer(Call call) throws ProblemException, IOException, InterruptedException;
    }

    /**
     * One method on one path.
     *
     * @param scope what a token has to open
     * @param handler who answers
     * @param isUpload whether it takes a file rather than JSON
     */
    public record Route(Scope scope, Handler handler, boolean isUpload) {}

    /**
     * What a request is for.
     *
     * @param route who answers
     * @param named what the path named
     */
    public record Match(Route route, Map<String, String> named) {}

    private record Path(String text, List<String> parts, SortedMap<String, Route> methods) {

        /** What the path names, or empty where it is another. */
        Optional<Map<String, String>> match(List<String> given) {
            if (given.size() != parts.size()) {
                return Optional.empty();
            }
            var named = new LinkedHashMap<String, String>();
            for (int i = 0; i < parts.size(); i++) {
                var part = parts.get(i);
                if (part.startsWith("{")) {
                    named.put(part.substring(1, part.length() - 1), given.get(i));
                } else if (!part.equals(given.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(named);
        }
    }

    /** Adds a route that needs the administrator's token. */
    public Router add(String method, String path, Handler handler) {
        return add(method, path, Scope.ADMINISTRATOR, handler);
    }

    /**
     * Adds a route.
     *
     * @param method in upper case; GET answers HEAD too
     * @param path with names in braces, such as {@code /downloads/{id}}
     * @param scope what a token has to open
     * @param handler who answers
     */
    public Router add(String method, String path, Scope scope, Handler handler) {
        return add(method, path, new Route(scope, handler, false));
    }

    /** Adds a route that takes a file, and needs the administrator's token. */
    public Router addUpload(String method, String path, Handler handler) {
        return add(method, path, new Route(Scope.ADMINISTRATOR, handler, true));
    }

    private Router add(String method, String path, Route route) {
        var known = paths.stream().filter(other -> other.text.equals(path)).findFirst();
        var methods =
                known.orElseGet(
                                () -> {
                                    var added = new Path(path, parts(path), new TreeMap<>());
                                    paths.add(added);
                                    // The brace of a name sorts after all that is spelled out.
                                    paths.sort(Comparator.comparing(Path::text));
                                    return added;
                                })
                        .methods();
        methods.put(method, route);
        if (method.equals("GET")) {
            methods.put("HEAD", route);
        }
        return this;
    }

    /** Finds the route of a request. */
    public Match find(String method, String path) throws ProblemException {
        var given = parts(path);
        for (var candidate : paths) {
            var route = candidate.methods.get(method);
            var named =
                    route == null ? Optional.<Map<String, String>>empty() : candidate.match(given);
            if (route != null && named.isPresent()) {
                return new Match(route, named.get());
            }
        }
        throw ProblemException.method(methods(path));
    }

    /** The methods that a path takes. */
    public Set<String> methods(String path) throws ProblemException {
        var given = parts(path);
        var methods = new TreeSet<String>();
        paths.stream()
                .filter(candidate -> candidate.match(given).isPresent())
                .forEach(candidate -> methods.addAll(candidate.methods.keySet()));
        if (methods.isEmpty()) {
            throw ProblemException.notFound("There is nothing at this path.");
        }
        return methods;
    }

    /** All that is answered, each as {@code METHOD /path}, and what a token has to open for it. */
    public SortedMap<String, Scope> index() {
        var index = new TreeMap<String, Scope>();
        for (var path : paths) {
            path.methods.forEach(
                    (method, route) -> index.put(method + " " + path.text, route.scope));
        }
        return index;
    }

    private static List<String> parts(String path) {
        return List.of(path.split("/", -1));
    }
}
