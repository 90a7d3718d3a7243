package dev.capstan.admin.console;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What the parts of this host say of themselves, as one of the framework's health checks. */
@Component(
        service = {HealthCheck.class, HostHealth.class},
        property = {
            HealthCheck.NAME + "=Capstan",
            HealthCheck.TAGS + "=capstan",
            HealthCheck.RESULT_CACHE_TTL_IN_MS + ":Long=2000"
        })
public final class HostHealth implements HealthCheck {
    private final Map<dev.capstan.health.HealthCheck, String> checks = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCheck(dev.capstan.health.HealthCheck check, Map<String, Object> properties) {
        checks.put(check, String.valueOf(properties.get(dev.capstan.health.HealthCheck.NAME)));
    }

    void unbindCheck(dev.capstan.health.HealthCheck check) {
        checks.remove(check);
    }

    @Override
    public Result execute() {
        var log = new FormattingResultLog();
        for (var part : byName().entrySet()) {
            for (var finding : part.getValue().check(false)) {
                var sentence = finding.message() + rest(finding.remedy());
                switch (finding.level()) {
                    case OK -> log.info("{}: {}", part.getKey(), sentence);
                    case WARNING -> log.warn("{}: {}", part.getKey(), sentence);
                    case FAILED -> log.critical("{}: {}", part.getKey(), sentence);
                }
            }
        }
        return new Result(log);
    }

    private static String rest(@Nullable String remedy) {
        return remedy == null ? "" : " " + remedy;
    }

    private Map<String, dev.capstan.health.HealthCheck> byName() {
        var named = new TreeMap<String, dev.capstan.health.HealthCheck>();
        checks.forEach((check, name) -> named.put(name, check));
        return named;
    }

    /** What it found, for who wants to print it. */
    List<String> lines() {
        return byName().entrySet().stream()
                .flatMap(
                        part ->
                                part.getValue().check(false).stream()
                                        .map(
                                                finding ->
                                                        "%-8s %s: %s"
                                                                .formatted(
                                                                        finding.level(),
                                                                        part.getKey(),
                                                                        finding.message())))
                .toList();
    }
}
