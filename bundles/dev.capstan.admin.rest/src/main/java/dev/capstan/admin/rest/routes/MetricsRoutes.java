package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.routes.Exposition.Kind;
import dev.capstan.content.Contents;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.download.Statistics;
import dev.capstan.host.Hosts;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The numbers of the host for Prometheus. They come from memory: asking often costs little. What is
 * not there is left out, so that a graph shows a gap and no zero.
 */
@Component
public final class MetricsRoutes implements Routes {
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

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Hosts hosts;

    /** Takes whose host it is. */
    @Activate
    public MetricsRoutes(BundleContext context) {
        this.context = context;
    }

    @Override
    public void addTo(Router router) {
        router.add("GET", "/metrics", Scope.READ, this::metrics);
    }

    private Reply metrics(Call call) throws ProblemException {
        call.query();
        var out = new Exposition();
        addProcess(out);
        var queue = downloads;
        if (queue != null) {
            addQueue(out, queue.statistics());
        }
        var present = hosts;
        if (present != null) {
            addHosts(out, present);
        }
        var store = contents;
        if (store != null) {
            addStore(out, store.usage());
        }
        return new Reply(200, Exposition.MEDIA_TYPE, out.text());
    }

    private void addProcess(Exposition out) {
        var memory = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        var uptime = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
        var version = String.valueOf(context.getProperty("capstan.version"));
        out.family("capstan_build_info", Kind.GAUGE, "Always 1; the version is its label.")
                .sample(Map.of("version", version), 1);
        out.family("capstan_uptime_seconds", Kind.GAUGE, "Since this host started.").sample(uptime);
        out.family("capstan_bundles", Kind.GAUGE, "Bundles in the framework.")
                .sample(context.getBundles().length);
        out.family("jvm_memory_used_bytes", Kind.GAUGE, "Memory in use.")
                .sample(Map.of("area", "heap"), memory.getUsed());
        out.family("jvm_memory_max_bytes", Kind.GAUGE, "Memory that may be used.")
                .sample(Map.of("area", "heap"), memory.getMax());
        out.family("jvm_threads_current", Kind.GAUGE, "Threads.")
                .sample(ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static void addQueue(Exposition out, Statistics statistics) {
        var states = out.family("capstan_downloads", Kind.GAUGE, "Downloads for each state.");
        for (var state : DownloadState.values()) {
            states.sample(
                    Map.of("state", state.name().toLowerCase(Locale.ROOT)),
                    statistics.counts().getOrDefault(state, 0L));
        }
        out.family(
                        "capstan_download_bytes_per_second",
                        Kind.GAUGE,
                        "Speed of all downloads that run.")
                .sample(statistics.bytesPerSecond());
        var ended =
                out.family(
                        "capstan_downloads_ended_total",
                        Kind.COUNTER,
                        "Downloads that ended, by host and by how.");
        new TreeMap<>(statistics.hosts())
                .forEach(
                        (host, totals) ->
                                ended.sample(
                                                Map.of("host", host, "result", "completed"),
                                                totals.completed())
                                        .sample(
                                                Map.of("host", host, "result", "failed"),
                                                totals.failed()));
        var bytes =
                out.family(
                        "capstan_downloaded_bytes_total",
                        Kind.COUNTER,
                        "Bytes of completed downloads, by host.");
        new TreeMap<>(statistics.hosts())
                .forEach((host, totals) -> bytes.sample(Map.of("host", host), totals.bytes()));
    }

    private static void addHosts(Exposition out, Hosts hosts) {
        var present = hosts.list();
        var active = out.family("capstan_host_active", Kind.GAUGE, "Downloads that run, by host.");
        present.forEach(host -> active.sample(Map.of("host", host.id()), host.active()));
        var up =
                out.family(
                        "capstan_host_up",
                        Kind.GAUGE,
                        "Whether a host is there and neither held nor out of order.");
        for (var host : present) {
            var works = host.present() && host.held() == null && host.breakerOpenUntil() == null;
            up.sample(Map.of("host", host.id()), works ? 1 : 0);
        }
    }

    private static void addStore(Exposition out, Contents.Usage usage) {
        out.family("capstan_store_items", Kind.GAUGE, "Items in the content store.")
                .sample(usage.items());
        out.family("capstan_store_bytes", Kind.GAUGE, "Their bytes.").sample(usage.bytes());
        out.family("capstan_store_pinned_bytes", Kind.GAUGE, "Bytes that eviction cannot free.")
                .sample(usage.pinnedBytes());
        out.family("capstan_staging_bytes", Kind.GAUGE, "Bytes of unfinished transfers.")
                .sample(usage.stagingBytes());
        out.family("capstan_store_quarantined", Kind.GAUGE, "Damaged items that were set aside.")
                .sample(usage.quarantined());
        out.family("capstan_volume_free_bytes", Kind.GAUGE, "Free bytes of the store's volume.")
                .sample(usage.freeBytes());
    }
}
