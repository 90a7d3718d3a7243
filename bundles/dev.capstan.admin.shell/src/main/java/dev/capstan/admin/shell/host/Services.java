package dev.capstan.admin.shell.host;

import dev.capstan.access.Tokens;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.content.ContentLinks;
import dev.capstan.content.Contents;
import dev.capstan.download.Downloads;
import dev.capstan.face.Face;
import dev.capstan.feature.Features;
import dev.capstan.health.HealthCheck;
import dev.capstan.host.Hosts;
import dev.capstan.name.DataFolder;
import dev.capstan.record.RecordExchange;
import dev.capstan.record.RecordPlayer;
import dev.capstan.record.Records;
import dev.capstan.room.Rooms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * What the host offers to the verbs. Every part may come and go while the host runs (H2a), so a
 * verb asks here each time and never keeps what it got.
 *
 * <p>Safe for any number of threads. Only {@link #downloads()}, {@link #records()}, {@link
 * #rooms()} and {@link #links()} wait, and only until the service that a start or an update brings
 * is there.
 */
@Component(service = Services.class)
public final class Services {
    private static final Duration PLUGINS = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Map<HealthCheck, String> checks = new ConcurrentHashMap<>();
    private final Part<Downloads> downloads = new Part<>("the download queue");
    private final Part<Records> records = new Part<>("records (feature \"records\")");
    private final Part<Rooms> rooms = new Part<>("rooms (feature \"rooms\")");
    private final Part<ContentLinks> links =
            new Part<>("the web server, which \"capstan run\" starts");
    private volatile boolean left;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Hosts hosts;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Contents contents;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Features features;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable RecordExchange exchange;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Tokens tokens;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable RecordPlayer player;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Face> faces = List.of();

    /** Creates the view of a host. */
    @Activate
    public Services(BundleContext context) {
        this.context = context;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDownloads(Downloads service) {
        downloads.came(service);
    }

    void unbindDownloads(Downloads service) {
        downloads.went(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRecords(Records service) {
        records.came(service);
    }

    void unbindRecords(Records service) {
        records.went(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRooms(Rooms service) {
        rooms.came(service);
    }

    void unbindRooms(Rooms service) {
        rooms.went(service);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLinks(ContentLinks service) {
        links.came(service);
    }

    void unbindLinks(ContentLinks service) {
        links.went(service);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCheck(HealthCheck check, Map<String, Object> properties) {
        checks.put(check, String.valueOf(properties.get(HealthCheck.NAME)));
    }

    void unbindCheck(HealthCheck check) {
        checks.remove(check);
    }

    /** The queue, waited for where it is not there. */
    public Downloads downloads() throws CommandException, InterruptedException {
        return downloads.awaited();
    }

    /** The queue, or null while it is not there. */
    public @Nullable Downloads downloadsNow() {
        return left ? null : downloads.now();
    }

    /** Counts how often a queue came: with another number, events may have been missed. */
    public int arrivals() {
        return downloads.arrivals();
    }

    /** The host goes: what is broken off from now on leaves the queue as it is. */
    public void leave() {
        left = true;
    }

    /** The hosts that are present. */
    public Hosts hosts() throws CommandException {
        return Part.present(hosts, "the download queue");
    }

    /** The tokens of programs. */
    public Tokens tokens() throws CommandException {
        return Part.present(tokens, "the keeper of secrets");
    }

    /** What is stored. */
    public Contents contents() throws CommandException {
        return Part.present(contents, "the content store");
    }

    /**
     * Waits for the plug-ins that were there when the host started, where it has any: their hosts
     * may be the ones that links belong to. What does not come in time is done without.
     */
    public void awaitPlugins() throws InterruptedException {
        var installer = features;
        if (installer != null) {
            installer.awaitTakenUp(PLUGINS);
        }
    }

    /** Bundles and features. */
    public Features features() throws CommandException {
        return Part.present(features, "the installer of plug-ins (feature \"plugins\")");
    }

    /** Bundles and features, or null where this host cannot change them. */
    public @Nullable Features featuresNow() {
        return features;
    }

    /** Etched records, waited for where they are not there. */
    public Records records() throws CommandException, InterruptedException {
        return records.awaited();
    }

    /** What hands records on. */
    public RecordExchange exchange() throws CommandException {
        return Part.present(exchange, "records (feature \"records\")");
    }

    /** What plays records aloud. */
    public RecordPlayer player() throws CommandException {
        return Part.present(player, "a player; install mpv on its machine");
    }

    /** Etched records, or null where this host has none. */
    public @Nullable Records recordsNow() {
        return records.now();
    }

    /** Rooms, waited for where they are not there. */
    public Rooms rooms() throws CommandException, InterruptedException {
        return rooms.awaited();
    }

    /** Rooms, or null while they are not there. */
    public @Nullable Rooms roomsNow() {
        return rooms.now();
    }

    /** Who makes links that players read, waited for where the web server is still opening. */
    public ContentLinks links() throws CommandException, InterruptedException {
        return faces.isEmpty() ? links.present() : links.awaited();
    }

    /** The other ways into this host, by their ranking; each may still be opening. */
    public List<Face> faces() {
        // They come the lowest first.
        var ranked = new ArrayList<>(faces);
        Collections.reverse(ranked);
        return ranked;
    }

    /** Everybody who can say how a part of the host is, by the part's name. */
    public Map<String, HealthCheck> checks() {
        var named = new TreeMap<String, HealthCheck>();
        checks.forEach((check, name) -> named.put(name, check));
        return named;
    }

    /** Where the host keeps its data. */
    public DataFolder data() {
        return DataFolder.of(context);
    }

    /** The framework the host lives in, seen from this bundle. */
    public BundleContext framework() {
        return context;
    }
}
