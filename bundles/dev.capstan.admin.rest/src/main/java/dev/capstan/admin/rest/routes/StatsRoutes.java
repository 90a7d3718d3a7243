package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.StatisticsJson;
import dev.capstan.content.Contents;
import dev.capstan.download.Downloads;
import dev.capstan.name.DataFolder;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The numbers of the whole host. */
@Component
public final class StatsRoutes implements Routes {
    private final BundleContext context;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Downloads downloads;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Contents contents;

    /** Takes the framework it is in. */
    @Activate
    public StatsRoutes(BundleContext context) {
        this.context = context;
    }

    @Override
    public void addTo(Router router) {
        router.add("GET", "/stats", Scope.READ, this::stats);
    }

    private Reply stats(Call call) throws ProblemException {
        call.query();
        var queue = ProblemException.present(downloads, "the download queue");
        var fields = StatisticsJson.fields(queue.statistics());
        var store = contents;
        if (store != null) {
            var usage = store.usage();
            fields.put("storeItems", usage.items())
                    .put("storeBytes", usage.bytes())
                    .put("stagingBytes", usage.stagingBytes())
                    .put("freeBytes", usage.freeBytes());
        }
        var version = context.getProperty("capstan.version");
        return Reply.json(
                200,
                fields.put("version", version != null ? version : own())
                        .put("bundles", active())
                        .put("data", DataFolder.of(context).root().toString())
                        .put(
                                "uptime",
                                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()))
                        .object());
    }

    private String own() {
        return context.getBundle().getVersion().toString();
    }

    private long active() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .count();
    }
}
