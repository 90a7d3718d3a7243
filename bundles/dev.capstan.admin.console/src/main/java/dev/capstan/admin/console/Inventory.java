package dev.capstan.admin.console;

import dev.capstan.content.Contents;
import dev.capstan.download.Downloads;
import dev.capstan.feature.Features;
import dev.capstan.host.HostInfo;
import dev.capstan.host.Hosts;
import dev.capstan.name.DataFolder;
import java.io.PrintWriter;
import java.util.TreeMap;
import org.apache.felix.inventory.Format;
import org.apache.felix.inventory.InventoryPrinter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * What this host is made of and how it is, to be sent along with a question about it: so it names
 * no link, no file, no account and no secret (S7).
 */
@Component(
        property = {
            InventoryPrinter.NAME + "=capstan",
            InventoryPrinter.TITLE + "=Capstan",
            InventoryPrinter.FORMAT + "=TEXT"
        })
public final class Inventory implements InventoryPrinter {
    private final BundleContext context;
    private final HostHealth health;

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

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Features features;

    /** Takes whose host it is. */
    @Activate
    public Inventory(BundleContext context, @Reference HostHealth health) {
        this.context = context;
        this.health = health;
    }

    @Override
    public void print(PrintWriter out, Format format, boolean isZip) {
        out.println("Capstan " + context.getProperty("capstan.version"));
        out.println("Java " + Runtime.version() + ", " + System.getProperty("os.name"));
        out.println("Data in " + DataFolder.of(context).root());
        printQueue(out, downloads);
        printStore(out, contents);
        printHosts(out, hosts);
        printFeatures(out, features);
        title(out, "Health");
        health.lines().forEach(line -> out.println("  " + line));
    }

    private static void printQueue(PrintWriter out, @Nullable Downloads queue) {
        title(out, "Downloads");
        if (queue == null) {
            out.println("  the queue is not there");
            return;
        }
        var statistics = queue.statistics();
        new TreeMap<>(statistics.counts())
                .forEach((state, count) -> out.printf("  %-12s %d%n", state, count));
        out.printf("  %-12s %d%n", "bytes/s", statistics.bytesPerSecond());
        out.printf("  %-12s %d%n", "bytes ever", statistics.allTime().bytes());
    }

    private static void printStore(PrintWriter out, @Nullable Contents store) {
        title(out, "Content store");
        if (store == null) {
            out.println("  it is not there");
            return;
        }
        var usage = store.usage();
        out.printf("  %-12s %d%n", "items", usage.items());
        out.printf("  %-12s %d%n", "bytes", usage.bytes());
        out.printf("  %-12s %d%n", "staging", usage.stagingBytes());
        out.printf("  %-12s %d%n", "quarantined", usage.quarantined());
        out.printf("  %-12s %d%n", "free", usage.freeBytes());
    }

    private static void printHosts(PrintWriter out, @Nullable Hosts present) {
        title(out, "Hosts");
        if (present == null) {
            out.println("  nobody tells");
            return;
        }
        for (var host : present.list()) {
            out.printf(
                    "  %-12s %s %s, %s%s%n",
                    host.id(),
                    host.bundle(),
                    host.version(),
                    host.present() ? "present" : "gone",
                    account(host));
        }
    }

    private static String account(HostInfo host) {
        var account = host.account();
        return account == null ? "" : ", account " + account.state();
    }

    private static void printFeatures(PrintWriter out, @Nullable Features installer) {
        title(out, "Features");
        if (installer == null) {
            out.println("  nobody tells");
            return;
        }
        for (var feature : installer.features()) {
            out.printf(
                    "  %-12s %s, %s%n",
                    feature.name(),
                    feature.version(),
                    feature.active() ? "started" : "not started");
        }
        for (var bundle : installer.bundles()) {
            if (bundle.problem() != null) {
                out.printf("  %s %s%n", bundle.symbolicName(), bundle.problem());
            }
        }
    }

    private static void title(PrintWriter out, String title) {
        out.println();
        out.println(title);
    }
}
