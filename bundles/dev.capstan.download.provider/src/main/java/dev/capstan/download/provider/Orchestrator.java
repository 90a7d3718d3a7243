package dev.capstan.download.provider;

import dev.capstan.content.ContentReader;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.Added;
import dev.capstan.download.Arrival;
import dev.capstan.download.Batch;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadChange;
import dev.capstan.download.DownloadPage;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.Downloads;
import dev.capstan.download.Preview;
import dev.capstan.download.Previews;
import dev.capstan.download.RefusedException;
import dev.capstan.download.Segment;
import dev.capstan.download.Statistics;
import dev.capstan.download.spi.DownloadStore;
import dev.capstan.download.spi.StoreException;
import dev.capstan.health.HealthCheck;
import dev.capstan.host.Account;
import dev.capstan.host.AccountField;
import dev.capstan.host.HostInfo;
import dev.capstan.host.Hosts;
import dev.capstan.host.spi.HostAccount;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.name.DataFolder;
import dev.capstan.name.Ulid;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.secret.spi.Secrets;
import dev.capstan.transfer.spi.TransferEngine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.util.promise.Promise;

/**
 * The orchestrator as a component: it puts the parts together, takes in what comes and goes, and
 * hands every call to the part whose idea it is.
 *
 * <p>It is there exactly while a store, a content store, Event Admin and the secrets are (H2a).
 * When one of them goes, transfers stop at the byte they are at and rows stay as they are; when it
 * is back, Q2 applies. Hosts, engines and the HTTP client come and go under it.
 */
@Component(
        service = {Downloads.class, Previews.class, Hosts.class, HealthCheck.class},
        immediate = true,
        configurationPid = Orchestrator.PID,
        property = HealthCheck.NAME + "=downloads")
@Designate(ocd = QueueConfig.class)
public final class Orchestrator implements Downloads, Previews, Hosts, HealthCheck {
    /** Where it is configured. */
    static final String PID = "dev.capstan.download.provider";

    private static final System.Logger LOG = System.getLogger(Orchestrator.class.getName());
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    private final Map<ServiceReference<HostResolver>, HostBinding> bindings =
            new ConcurrentHashMap<>();
    private final DataFolder folder;
    private final @Nullable BundleContext context;
    private final DownloadStore store;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Engines engines;
    private final Ciphers ciphers;
    private final LocalState state;
    private final Events events;
    private final HostRegistry hosts;
    private final HostAccounts accounts;
    private final DiskWatch disk;
    private final Intake intake;
    private final Workers workers;
    private final Commands commands;
    private final View view;
    private final Meters meters;
    private final Leftovers leftovers;
    private final Desk desk = new Desk();
    private final Playing playing = new Playing(desk);
    private final PreviewService previews;
    private volatile Settings settings;
    private volatile @Nullable OutboundHttp outbound;

    /** Puts it together in a framework. */
    @Activate
    public Orchestrator(
            BundleContext context,
            QueueConfig config,
            @Reference(name = "store") DownloadStore store,
            @Reference(name = "contents") ContentStore contents,
            @Reference(name = "events") EventAdmin eventAdmin,
            @Reference(name = "secrets") Secrets secrets) {
        this(
                store,
                contents,
                eventAdmin,
                secrets,
                DataFolder.of(context),
                Settings.of(config, DataFolder.of(context)),
                bundle -> isInstalled(context, bundle),
                Clock.systemUTC(),
                context);
    }

    Orchestrator(
            DownloadStore store,
            ContentStore contents,
            EventAdmin eventAdmin,
            Secrets secrets,
            DataFolder folder,
            Settings settings,
            Predicate<String> bundleIsInstalled,
            Clock clock,
            @Nullable BundleContext context) {
        this.store = store;
        this.folder = folder;
        this.settings = settings;
        this.context = context;
        var ulids = new Ulid(clock);
        engines = new Engines(clock);
        events = new Events(eventAdmin, store::counts);
        state = new LocalState(folder.db().resolve("downloads.properties"), ulids);
        ciphers = new Ciphers(state);
        hosts = new HostRegistry(state, bundleIsInstalled, events, clock);
        accounts = new HostAccounts(this::release);
        disk = new DiskWatch(() -> contents.usage().freeBytes());
        var ledger = new Ledger(store, events);
        intake = new Intake(hosts, ledger, secrets, ulids, clock);
        var shop =
                new Workshop(
                        store,
                        contents,
                        ledger,
                        intake,
                        engines,
                        ciphers,
                        new Flights(),
                        new Names(),
                        playing,
                        disk,
                        () -> this.settings,
                        () -> outbound,
                        ulids,
                        clock,
                        closing);
        previews = new PreviewService(shop, hosts, desk);
        var obstacles = new Obstacles(hosts, engines, disk);
        workers = new Workers(shop, hosts, obstacles, state.owner());
        commands = new Commands(shop, workers);
        playing.with(shop, workers, commands);
        view =
                new View(
                        store,
                        contents,
                        workers,
                        obstacles,
                        ledger,
                        new Today(state, clock),
                        clock);
        leftovers = new Leftovers(store, desk, commands, clock);
        meters = new Meters(workers, view, ledger, events, disk, state, leftovers);
    }

    // Life.

    /** Begins, once the hosts and engines that are there already were bound. */
    @Activate
    void start() {
        events.start();
        countFromNow();
        workers.start();
        meters.start();
    }

    /** What ends from now on is of this day. */
    private void countFromNow() {
        try {
            view.turnDay();
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.DEBUG, "The day begins with the first tick", e);
        }
    }

    /** Takes another configuration, without a stop. */
    @Modified
    void modified(QueueConfig config) {
        configure(Settings.of(config, folder));
    }

    void configure(Settings changed) {
        settings = changed;
        workers.resized();
    }

    /** The time, or something else outside, has changed. */
    void wake() {
        workers.signal();
    }

    /** Looks at once who is still listened to, and not only with the next tick. */
    void endUnheard() {
        workers.endUnheard();
    }

    /** Looks at once what nobody will play any more, and not only within the hour. */
    void sweepLeftovers() {
        leftovers.sweep();
    }

    /** Q11: stops within 10 seconds. */
    @Deactivate
    void stop() {
        closing.countDown();
        try {
            playing.close();
            previews.close();
            desk.close();
            meters.close();
            workers.close(STOP_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        state.flush();
        events.close();
    }

    // What comes and goes.

    @Reference(
            name = "hosts",
            service = HostResolver.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addHost(ServiceReference<HostResolver> reference) {
        if (context != null) {
            var binding = HostBinding.of(reference, context);
            if (binding != null) {
                bindings.put(reference, binding);
                hostCame(binding.service());
            }
        }
    }

    void updatedHost(ServiceReference<HostResolver> reference) {
        var binding = bindings.get(reference);
        if (binding != null) {
            var old = binding.service();
            hosts.replace(old, binding.update());
            workers.signal();
        }
    }

    void removeHost(ServiceReference<HostResolver> reference) {
        var binding = bindings.remove(reference);
        if (binding != null) {
            hostWent(binding.service());
            binding.close();
        }
    }

    void hostCame(HostService service) {
        hosts.add(service);
        workers.signal();
    }

    void hostWent(HostService service) {
        if (hosts.remove(service)) {
            workers.stop(run -> run.hostId().equals(service.id()), Stop.HOST_GONE);
        }
        workers.signal();
    }

    @Reference(
            name = "accounts",
            service = HostAccount.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addAccount(ServiceReference<HostAccount> reference) {
        if (context != null) {
            accounts.add(reference, context);
        }
    }

    void removeAccount(ServiceReference<HostAccount> reference) {
        accounts.remove(reference);
    }

    @Reference(
            name = "engines",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addEngine(TransferEngine engine, Map<String, ?> properties) {
        var ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0;
        hosts.engineCame(engines.add(engine, properties.get(TransferEngine.SCHEMES), ranking));
        workers.signal();
    }

    void removeEngine(TransferEngine engine) {
        engines.remove(engine);
        workers.stop(run -> run.isMovedBy(engine), Stop.ENGINE_GONE);
        workers.signal();
    }

    @Reference(
            name = "outbound",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setOutbound(OutboundHttp client) {
        outbound = client;
    }

    /** H2: what hosts are asking through it breaks off, and that is not their failure. */
    void unsetOutbound(OutboundHttp client) {
        if (outbound == client) {
            outbound = null;
        }
        workers.stop(Run::isAsking, Stop.ENGINE_GONE);
    }

    @Reference(
            name = "decryptors",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addDecryptor(Decryptor decryptor, Map<String, ?> properties) {
        hosts.decryptorCame(ciphers.add(decryptor, properties.get(Decryptor.SCHEMES)));
        workers.signal();
    }

    void removeDecryptor(Decryptor decryptor) {
        ciphers.remove(decryptor);
    }

    // Downloads.

    @Override
    public Promise<List<Added>> add(List<DownloadRequest> requests) {
        var wishes = intake.read(requests);
        return desk.later(
                () -> {
                    var added = intake.add(wishes);
                    workers.signal();
                    return added.stream().map(this::shown).toList();
                });
    }

    @Override
    public Promise<List<Preview>> preview(List<DownloadRequest> requests) {
        return previews.preview(requests);
    }

    @Override
    public Optional<Download> get(String id) {
        return desk.read(() -> view.get(id));
    }

    @Override
    public List<Download> match(String prefix, int limit) {
        return desk.read(() -> view.match(prefix, limit));
    }

    @Override
    public Promise<List<Download>> withLink(String link) {
        return desk.later(() -> view.withLink(intake.named(link)));
    }

    @Override
    public DownloadPage list(DownloadQuery query) {
        return desk.read(() -> view.list(query));
    }

    @Override
    public List<Segment> segments(String id) {
        return desk.read(() -> view.segments(id));
    }

    @Override
    public Arrival arrival(String id) {
        return desk.read(() -> view.arrival(id));
    }

    @Override
    public Promise<ContentReader> open(String id) {
        return playing.open(id);
    }

    @Override
    public Promise<Download> command(String id, Command command) {
        return desk.later(id, () -> view.atRest(commands.apply(id, command)));
    }

    @Override
    public Promise<Download> change(String id, DownloadChange change) {
        return desk.later(id, () -> view.atRest(commands.change(id, change)));
    }

    @Override
    public Promise<Download> remove(String id, boolean deleteFile) {
        return desk.later(id, () -> commands.remove(id, deleteFile));
    }

    @Override
    public Optional<Batch> batch(String id) {
        return desk.read(() -> view.batch(id));
    }

    @Override
    public List<Batch> batches(@Nullable Instant before, int limit) {
        return desk.read(() -> view.batches(before, limit));
    }

    @Override
    public Promise<List<Download>> commandBatch(String id, Command command) {
        return BatchCommand.of(id, command, view, commands, desk).start();
    }

    @Override
    public Promise<List<Download>> removeBatch(String id, boolean deleteFiles) {
        return BatchCommand.removal(id, deleteFiles, view, commands, desk).start();
    }

    @Override
    public Statistics statistics() {
        return desk.read(() -> view.statistics());
    }

    // Hosts.

    @Override
    public List<HostInfo> list() {
        return desk.read(() -> hosts.list(store.queuedHosts(), accounts));
    }

    @Override
    public boolean release(String id) {
        var known = hosts.release(id);
        workers.signal();
        return known;
    }

    @Override
    public List<AccountField> accountFields(String id) {
        try {
            return accounts.fields(hosts.known(id));
        } catch (RefusedException e) {
            return List.of();
        }
    }

    @Override
    public Promise<Account> checkAccount(String id) {
        return account(id, accounts::check);
    }

    @Override
    public Promise<Account> setAccount(String id, Map<String, String> values) {
        var given = Map.copyOf(values);
        return account(id, host -> accounts.set(host, given));
    }

    @Override
    public Promise<Account> removeAccount(String id) {
        return account(id, accounts::remove);
    }

    private interface AccountTask {
        Account of(Host host) throws RefusedException, InterruptedException;
    }

    /** One after another for each host, so that whoever repeats a check takes one thread only. */
    private Promise<Account> account(String id, AccountTask task) {
        return desk.later("account of " + id, () -> task.of(hosts.known(id)));
    }

    // Health.

    @Override
    public List<Finding> check(boolean thorough) {
        return new Health(store, hosts, accounts, disk).check();
    }

    private Added shown(Added added) {
        var row = added.download();
        return row == null ? added : Added.of(added.outcome(), view.atRest(row));
    }

    private static boolean isInstalled(BundleContext context, String bundle) {
        return Arrays.stream(context.getBundles())
                .anyMatch(installed -> bundle.equals(installed.getSymbolicName()));
    }
}
