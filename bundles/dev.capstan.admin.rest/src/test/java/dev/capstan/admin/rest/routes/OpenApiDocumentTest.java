package dev.capstan.admin.rest.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

/** The document names each path, method and scope that there is, and none that there is not. */
class OpenApiDocumentTest {

    @Test
    void the_document_and_the_routes_tell_the_same() throws Exception {
        var router = new Router();
        for (var routes : allRoutes()) {
            routes.addTo(router);
        }
        var routed = new TreeMap<String, String>();
        router.index().forEach((route, scope) -> routed.put(route, scope.word()));
        routed.keySet().removeIf(route -> route.startsWith("HEAD "));

        // The socket is no route: its server takes the connection over.
        assertThat(documented()).isEqualTo(routed).doesNotContainKey("GET /events");
    }

    /** Every class of this bundle that is one; a constructor only keeps what it is given. */
    private static List<Routes> allRoutes() throws Exception {
        var classes = Path.of("target/classes");
        var found = new ArrayList<Routes>();
        try (var files = Files.walk(classes)) {
            for (var file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                var name = classes.relativize(file).toString().replace('/', '.');
                var type = Class.forName(name.substring(0, name.length() - ".class".length()));
                if (Routes.class.isAssignableFrom(type) && !type.isInterface()) {
                    var constructor = type.getConstructors()[0];
                    var arguments =
                            Arrays.stream(constructor.getParameterTypes())
                                    .map(OpenApiDocumentTest::stand)
                                    .toArray();
                    found.add((Routes) constructor.newInstance(arguments));
                }
            }
        }
        assertThat(found).hasSizeGreaterThan(8);
        return found;
    }

    /** A framework that knows a folder and nothing else; null for what is only kept. */
    private static @Nullable Object stand(Class<?> type) {
        return type != BundleContext.class
                ? null
                : Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, values) ->
                                method.getReturnType() == String.class ? "nowhere" : null);
    }

    private static TreeMap<String, String> documented() throws Exception {
        var documented = new TreeMap<String, String>();
        try (var reader =
                Json.createReader(OpenApiRoutes.class.getResourceAsStream(OpenApiRoutes.FILE))) {
            for (var path : reader.readObject().getJsonObject("paths").entrySet()) {
                for (var method : path.getValue().asJsonObject().entrySet()) {
                    var operation = (JsonObject) method.getValue();
                    if (!operation.containsKey("x-websocket")) {
                        documented.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getString("x-scope"));
                    }
                }
            }
        }
        return documented;
    }
}
