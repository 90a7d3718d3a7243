package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Component;

/** The description of all of REST (OpenAPI 3.1), a file of this bundle. */
@Component
public final class OpenApiRoutes implements Routes {
    static final String FILE = "/dev/capstan/admin/rest/openapi.json";

    @Override
    public void addTo(Router router) {
        router.add("GET", "/openapi.json", Scope.READ, OpenApiRoutes::document);
    }

    private static Reply document(Call call) throws ProblemException, IOException {
        call.query();
        try (var file = OpenApiRoutes.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new FileNotFoundException(FILE);
            }
            var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return new Reply(200, "application/json", text);
        }
    }
}
