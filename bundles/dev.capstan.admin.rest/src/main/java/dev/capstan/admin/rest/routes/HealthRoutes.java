package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.download.Downloads;
import dev.capstan.health.HealthCheck;
import dev.capstan.health.HealthCheck.Finding;
import dev.capstan.health.HealthCheck.Level;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** How the host is. Whoever has no token is told only whether it works. */
@Component
public final class HealthRoutes implements Routes {
    private static final String QUEUE = "downloads";

    private final Map<HealthCheck, String> checks = new ConcurrentHashMap<>();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Downloads downloads;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCheck(HealthCheck check, Map<String, Object> properties) {
        checks.put(check, String.valueOf(properties.get(HealthCheck.NAME)));
    }

    void unbindCheck(HealthCheck check) {
        checks.remove(check);
    }

    @Override
    public void addTo(Router router) {
        router.add("GET", "/health", Scope.NOBODY, this::health);
    }

    private Reply health(Call call) throws ProblemException {
        call.query();
        var worst = Level.OK;
        var found = new ArrayList<JsonObject>();
        if (downloads == null) {
            worst = Level.FAILED;
            found.add(json(QUEUE, gone()));
        }
        for (var part : byName().entrySet()) {
            for (var finding : part.getValue().check(false)) {
                worst = finding.level().compareTo(worst) > 0 ? finding.level() : worst;
                found.add(json(part.getKey(), finding));
            }
        }
        var answer = new Fields().put("status", word(worst));
        if (call.scope() != Scope.NOBODY) {
            answer.put("checks", Fields.list(found));
        }
        return Reply.json(worst == Level.FAILED ? 503 : 200, answer.object());
    }

    private static Finding gone() {
        return Finding.failed(
                "The download queue is not there.",
                "It comes back with its stores; \"capstan doctor\" tells which is missing.");
    }

    private Map<String, HealthCheck> byName() {
        var named = new TreeMap<String, HealthCheck>();
        checks.forEach((check, name) -> named.put(name, check));
        return named;
    }

    private static JsonObject json(String name, Finding finding) {
        return new Fields()
                .put("name", name)
                .put("ok", finding.level() == Level.OK)
                .put("level", word(finding.level()))
                .put("message", finding.message())
                .put("remedy", finding.remedy())
                .object();
    }

    private static String word(Level level) {
        return switch (level) {
            case OK -> "ok";
            case WARNING -> "warning";
            case FAILED -> "critical";
        };
    }
}
