package dev.capstan.record.provider;

import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents;
import dev.capstan.download.Download;
import dev.capstan.download.Downloads;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import dev.capstan.name.DataFolder;
import dev.capstan.name.Ulid;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.Playtime;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordExchange;
import dev.capstan.record.RecordFormat;
import dev.capstan.record.RecordLibrary;
import dev.capstan.record.Records;
import dev.capstan.record.Track;
import dev.capstan.record.spi.TagReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventHandler;
import org.osgi.service.event.propertytypes.EventTopics;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.util.promise.FailedPromisesException;
import org.osgi.util.promise.Promise;

/**
 * Records and their exchange as services. What each part does is told where it is done: {@link
 * Etcher}, {@link Playing}, {@link Prefetcher}, {@link Sessions}, {@link Exchange}, {@link
 * Libraries}; all of them lie on the {@link Shelf} and fetch by the {@link Fetcher}.
 */
@Component(
        immediate = true,
        service = {Records.class, RecordExchange.class, EventHandler.class},
        configurationPid = RecordProvider.PID)
@EventTopics({Topics.DOWNLOAD_STATE, Topics.DOWNLOAD_REMOVED})
@Designate(ocd = RecordsConfig.class)
public final class RecordProvider implements Records, RecordExchange, EventHandler {
    /** Where it is configured. */
    static final String PID = "dev.capstan.record.provider";

    private static final System.Logger LOG = System.getLogger(RecordProvider.class.getName());
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration TAGS_WITHIN = Duration.ofSeconds(10);

    private final EventAdmin events;
    private final InstantSource clock = InstantSource.system();
    private final Threads threads = new Threads();
    private final Shelf shelf;
    private final Fetcher fetcher;
    private final Contents contents;
    private final Etcher etcher;
    private final Playing playing;
    private final Prefetcher prefetcher;
    private final Sessions sessions;
    private final Exchange exchange;
    private final Libraries libraries;
    private volatile RecordsConfig config;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable TagReader tagReader;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable OutboundHttp outbound;

    /** Puts it together in a framework. */
    @Activate
    public RecordProvider(
            BundleContext context,
            RecordsConfig config,
            @Reference Downloads downloads,
            @Reference Contents contents,
            @Reference EventAdmin events)
            throws IOException {
        this.config = config;
        this.contents = contents;
        this.events = events;
        var folder = folder(context);
        var promises = threads.promises();
        var ids = new Ulid(clock);
        shelf = new Shelf(folder);
        fetcher =
                new Fetcher(
                        downloads,
                        contents,
                        promises,
                        () -> Duration.ofSeconds(this.config.firstByteSeconds()),
                        () -> this.config.listTracks());
        var tracks =
                new Tracks(
                        contents,
                        new Tagging(() -> tagReader, TAGS_WITHIN),
                        () -> this.config.mediaTypes());
        etcher =
                new Etcher(
                        fetcher,
                        new Sentry(tracks, threads),
                        tracks,
                        contents,
                        shelf,
                        ids,
                        clock,
                        () -> this.config.maxBytes(),
                        promises);
        playing =
                new Playing(
                        fetcher,
                        tracks,
                        downloads,
                        contents,
                        shelf,
                        () -> this.config.maxBytes(),
                        promises);
        prefetcher = new Prefetcher(playing, shelf, () -> this.config.prefetchTracks(), promises);
        sessions = new Sessions(shelf, clock, threads.teller(), this::playingChanged);
        exchange = new Exchange(shelf, etcher, ids, clock, promises);
        libraries = new Libraries(folder, shelf, exchange, () -> outbound, clock, this::replaced);
    }

    /** Begins, once what is optional was bound. */
    @Activate
    void start() {
        threads.every(() -> TICK, sessions::tick);
        threads.every(
                () -> Duration.ofMinutes(config.libraryRefreshMinutes()),
                () -> threads.run(libraries::refreshAll));
    }

    /** Takes another configuration, without a stop. */
    @Modified
    void modified(RecordsConfig changed) {
        config = changed;
    }

    /** Ends; whoever waits is told. */
    @Deactivate
    void stop() {
        fetcher.close();
        threads.close();
    }

    @Override
    public void handleEvent(Event event) {
        var removed = event.getTopic().equals(Topics.DOWNLOAD_REMOVED);
        if (event.getProperty(Topics.DOWNLOADS) instanceof List<?> list) {
            for (var each : list) {
                if (each instanceof Download download) {
                    fetcher.heard(download, removed);
                }
            }
        }
    }

    // Records.

    @Override
    public Promise<EtchedRecord> etch(EtchRequest request) {
        return told(etcher.etch(request).map(this::announced));
    }

    @Override
    public Promise<EtchedRecord> etchAgain(String id) {
        return told(
                threads.promises()
                        .submit(() -> shelf.require(id))
                        .flatMap(
                                old ->
                                        etcher.etchAgain(old)
                                                .map(
                                                        now -> {
                                                            replaced(old, now);
                                                            return announced(now);
                                                        })));
    }

    @Override
    public Promise<ContentReader> play(String id, int track) {
        return told(playing.play(id, track));
    }

    @Override
    public Promise<EtchedRecord> prefetch(String id) {
        var now = sessions.playtime(id);
        return told(
                prefetcher.prefetch(
                        id,
                        now.map(Playtime::track).orElse(0),
                        now.map(Playtime::order).orElse(PlayOrder.STRAIGHT)));
    }

    @Override
    public void putBack(String id) {
        prefetcher.putBack(id);
    }

    @Override
    public EtchedRecord add(EtchedRecord record) throws RecordException {
        return announced(exchange.take(record, Trust.NETWORK));
    }

    @Override
    public Optional<EtchedRecord> get(String id) {
        return shelf.get(id).map(Entry::record);
    }

    @Override
    public Optional<EtchedRecord> inSlot(String slot) {
        return shelf.inSlot(slot).map(Entry::record);
    }

    @Override
    public List<EtchedRecord> list(@Nullable String before, int limit) {
        return shelf.page(before, limit);
    }

    @Override
    public boolean keep(String id, boolean keep) {
        return quietly(
                () -> {
                    var entry = shelf.change(id, there -> there.withKept(keep)).orElse(null);
                    if (entry != null) {
                        pin(entry);
                    }
                    return entry != null;
                });
    }

    @Override
    public boolean remove(String id) {
        prefetcher.putBack(id);
        return quietly(
                () -> {
                    var entry = shelf.remove(id).orElse(null);
                    if (entry != null) {
                        gone(entry);
                    }
                    return entry != null;
                });
    }

    @Override
    public Optional<Playtime> playtime(String id) {
        return sessions.playtime(id);
    }

    @Override
    public List<String> listeners(String id) {
        return sessions.listeners(id);
    }

    @Override
    public Playtime join(String id, String listener) throws RecordException {
        return sessions.join(id, listener);
    }

    @Override
    public Playtime steer(String id, String listener, int track, Duration position, double rate)
            throws RecordException {
        return sessions.steer(id, listener, track, position, rate);
    }

    @Override
    public Playtime order(String id, String listener, PlayOrder order) throws RecordException {
        return sessions.order(id, listener, order);
    }

    @Override
    public void leave(String id, String listener) {
        sessions.leave(id, listener);
    }

    // Their exchange.

    @Override
    public String write(List<String> ids, RecordFormat format) throws RecordException {
        return exchange.write(ids, format);
    }

    @Override
    public Promise<List<EtchedRecord>> read(String text, Trust trust) {
        return told(
                exchange.read(text, trust)
                        .map(entries -> entries.stream().map(this::announced).toList()));
    }

    @Override
    public List<RecordLibrary> libraries() {
        return libraries.list();
    }

    @Override
    public Promise<RecordLibrary> follow(URI uri, Trust trust) {
        return told(threads.promises().submit(() -> libraries.follow(uri, trust)));
    }

    @Override
    public Promise<RecordLibrary> refresh(URI uri) {
        return told(threads.promises().submit(() -> libraries.refresh(uri)));
    }

    @Override
    public boolean unfollow(URI uri) {
        return quietly(() -> libraries.unfollow(uri));
    }

    // What they have in common.

    private void pin(Entry entry) {
        for (var track : entry.record().tracks()) {
            var digest = track.sha256();
            if (digest != null && entry.kept()) {
                contents.pin(digest, entry.pin());
            } else if (digest != null) {
                contents.unpin(digest, entry.pin());
            }
        }
    }

    private EtchedRecord announced(Entry entry) {
        pin(entry);
        post(Topics.RECORD_ETCHED, entry.record(), null);
        return entry.record();
    }

    /** Another stands in an entry's place, or none; what is kept of both is pinned all the time. */
    private void replaced(Entry old, @Nullable Entry now) {
        if (now == null) {
            gone(old);
            return;
        }
        pin(now);
        var there = now.record().tracks().stream().map(Track::sha256).toList();
        for (var track : old.record().tracks()) {
            var digest = track.sha256();
            if (digest != null && !there.contains(digest)) {
                contents.unpin(digest, old.pin());
            }
        }
    }

    /** An entry has left the shelf, by whoever's hand. */
    private void gone(Entry entry) {
        pin(entry.withKept(false));
        sessions.remove(entry.id());
        post(Topics.RECORD_REMOVED, entry.record(), null);
    }

    private void playingChanged(EtchedRecord record, @Nullable Playtime now) {
        post(Topics.RECORD_PLAYING, record, now);
    }

    private void post(String topic, EtchedRecord record, @Nullable Playtime now) {
        var properties = new HashMap<String, Object>(Map.of(Topics.RECORD, record));
        if (now != null) {
            properties.put(Topics.PLAYTIME, now);
        }
        events.postEvent(new Event(topic, properties));
    }

    /** The same promise, which fails with nothing but {@link RecordException}. */
    private <T> Promise<T> told(Promise<T> promise) {
        return promise.recoverWith(
                failed -> {
                    var failure = failed.getFailure();
                    while (failure instanceof FailedPromisesException several) {
                        failure = several.getFailedPromises().iterator().next().getFailure();
                    }
                    return threads.promises().failed(Faults.of(failure));
                });
    }

    /**
     * What cannot be written is told where operators look; the answer is then that it is not so.
     */
    private static boolean quietly(Callable<Boolean> change) {
        try {
            return change.call();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "A record was not changed", e);
            return false;
        }
    }

    private static Path folder(BundleContext context) {
        return DataFolder.of(context).records();
    }
}
