package dev.capstan.record.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.name.DurableFile;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.RecordLibrary;
import jakarta.json.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Libraries that others share (E7): read by one conditional request each, and moved only when they
 * have changed. Their records lie on the shelf with their library's address, and leave with it.
 *
 * <p>Safe for any number of threads. One at a time changes what is followed, under a lock that is
 * held while files are written and never while a library is asked.
 */
final class Libraries {
    private static final System.Logger LOG = System.getLogger(Libraries.class.getName());
    private static final int MOST_BYTES = 16 << 20;
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String FILE = "libraries.json";

    /** One that is followed, with what it said of its version. */
    private record Followed(
            URI uri,
            Trust trust,
            @Nullable String etag,
            @Nullable String lastModified,
            @Nullable Instant refreshed,
            @Nullable String problem) {

        Followed failed(String why) {
            return new Followed(uri, trust, etag, lastModified, refreshed, why);
        }

        Followed unchanged(Instant now) {
            return new Followed(uri, trust, etag, lastModified, now, null);
        }
    }

    private final Path folder;
    private final Shelf shelf;
    private final Exchange exchange;
    private final Supplier<@Nullable OutboundHttp> outbound;
    private final InstantSource clock;
    private final BiConsumer<Entry, @Nullable Entry> replaced;
    private final Map<String, Followed> followed = new ConcurrentSkipListMap<>();
    private final Object changing = new Object();

    /**
     * Reads which ones are followed.
     *
     * @param replaced hears of each entry that changed with its library, and what stands in its
     *     place, or null
     */
    Libraries(
            Path folder,
            Shelf shelf,
            Exchange exchange,
            Supplier<@Nullable OutboundHttp> outbound,
            InstantSource clock,
            BiConsumer<Entry, @Nullable Entry> replaced) {
        this.folder = folder;
        this.shelf = shelf;
        this.exchange = exchange;
        this.outbound = outbound;
        this.clock = clock;
        this.replaced = replaced;
        load();
    }

    List<RecordLibrary> list() {
        return followed.values().stream().map(this::shown).toList();
    }

    /** Reads a library and follows it from then on. */
    RecordLibrary follow(URI uri, Trust trust) throws RecordException, InterruptedException {
        var scheme = uri.getScheme();
        if (scheme == null || !scheme.matches("(?i)https?") || uri.getRawUserInfo() != null) {
            throw new RecordException(
                    Reason.INVALID, "A library has an http(s) address without a user name.");
        }
        var known = followed.get(uri.toString());
        return known != null
                ? refresh(known, false)
                : refresh(new Followed(uri, trust, null, null, null, null), true);
    }

    RecordLibrary refresh(URI uri) throws RecordException, InterruptedException {
        var known = followed.get(uri.toString());
        if (known == null) {
            throw notFollowed(uri);
        }
        return refresh(known, false);
    }

    /** Refreshes all; what fails is told with the library, and tried again the next time. */
    void refreshAll() throws InterruptedException {
        for (var library : followed.values()) {
            try {
                refresh(library, false);
            } catch (RecordException e) {
                LOG.log(Level.DEBUG, "The library " + library.uri() + " was not refreshed", e);
            }
        }
    }

    boolean unfollow(URI uri) throws RecordException {
        synchronized (changing) {
            if (followed.remove(uri.toString()) == null) {
                return false;
            }
            save();
            drop(shelf.of(uri), Set.of());
            return true;
        }
    }

    /** Asks first, and takes what came after that: nobody waits for a library but who asked. */
    private RecordLibrary refresh(Followed library, boolean isNew)
            throws RecordException, InterruptedException {
        var key = library.uri().toString();
        try {
            var answer = ask(library);
            synchronized (changing) {
                if (!isNew && !followed.containsKey(key)) {
                    throw notFollowed(library.uri());
                }
                var now =
                        switch (answer.status()) {
                            case 200 -> taken(library, answer);
                            case 304 -> library.unchanged(clock.instant());
                            default -> throw refusal(answer.status());
                        };
                followed.put(key, now);
                save();
                return shown(now);
            }
        } catch (RecordException e) {
            followed.computeIfPresent(key, (uri, old) -> old.failed(Faults.sentence(e)));
            throw e;
        }
    }

    private OutboundResponse ask(Followed library) throws RecordException, InterruptedException {
        var http = outbound.get();
        if (http == null) {
            throw new RecordException(
                    Reason.UNAVAILABLE, "This host runs without the engine for http requests.");
        }
        var base =
                library.trust() == Trust.OPERATOR
                        ? Set.of(library.uri().resolve("/"))
                        : Set.<URI>of();
        var request = OutboundRequest.get(library.uri()).withMaxAnswer(MOST_BYTES);
        var etag = library.etag();
        var lastModified = library.lastModified();
        if (etag != null) {
            request = request.with("If-None-Match", etag);
        }
        if (lastModified != null) {
            request = request.with("If-Modified-Since", lastModified);
        }
        try {
            return http.client(new OutboundHttp.Policy(base, Set.of(), WITHIN)).send(request);
        } catch (DownloadException e) {
            throw e.errorClass() == ErrorClass.PROTOCOL
                    ? new RecordException(Reason.TOO_BIG, Faults.sentence(e), e)
                    : Faults.of(e);
        }
    }

    private Followed taken(Followed library, OutboundResponse answer) throws RecordException {
        var clashes = 0;
        var names = new HashSet<String>();
        for (var record : exchange.records(answer.text())) {
            var there = shelf.get(record.id()).orElse(null);
            if (there != null && !library.uri().equals(there.library())) {
                clashes++;
                continue;
            }
            names.add(record.id());
            if (there == null) {
                shelf.put(new Entry(record, Trust.NETWORK, null, false, library.uri()));
            } else {
                var now = there.with(record);
                shelf.put(now);
                replaced.accept(there, now);
            }
        }
        drop(shelf.of(library.uri()), names);
        return new Followed(
                library.uri(),
                library.trust(),
                answer.header("etag").orElse(null),
                answer.header("last-modified").orElse(null),
                clock.instant(),
                clashes == 0 ? null : clashes + " of its records have the ids of others here.");
    }

    private void drop(List<Entry> entries, Set<String> except) throws RecordException {
        for (var entry : entries) {
            if (!except.contains(entry.id())) {
                shelf.remove(entry.id()).ifPresent(gone -> replaced.accept(gone, null));
            }
        }
    }

    private static RecordException notFollowed(URI uri) {
        return new RecordException(Reason.NOT_FOUND, "No library is followed at " + uri);
    }

    private static RecordException refusal(int status) {
        return status == 404 || status == 410
                ? new RecordException(Reason.NOT_FOUND, "There is no library at this address.")
                : new RecordException(Reason.NETWORK, "The library answered with " + status + ".");
    }

    private RecordLibrary shown(Followed library) {
        return new RecordLibrary(
                library.uri(),
                shelf.of(library.uri()).size(),
                library.refreshed(),
                library.problem());
    }

    private void load() {
        var file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (var value : RecordJson.parse(Files.readString(file)).getJsonArray("libraries")) {
                var json = value.asJsonObject();
                var refreshed = json.getString("refreshed", null);
                var uri = json.getString("uri");
                followed.put(
                        uri,
                        new Followed(
                                URI.create(uri),
                                Trust.valueOf(json.getString("trust")),
                                json.getString("etag", null),
                                json.getString("lastModified", null),
                                refreshed == null ? null : Instant.parse(refreshed),
                                null));
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, file + " cannot be read; follow its libraries again", e);
        }
    }

    private void save() throws RecordException {
        var array = Json.createArrayBuilder();
        for (var library : followed.values()) {
            var json =
                    Json.createObjectBuilder()
                            .add("uri", library.uri().toString())
                            .add("trust", library.trust().name());
            RecordJson.add(json, "etag", library.etag());
            RecordJson.add(json, "lastModified", library.lastModified());
            RecordJson.add(json, "refreshed", library.refreshed());
            array.add(json);
        }
        try {
            DurableFile.write(
                    folder.resolve(FILE),
                    RecordJson.text(Json.createObjectBuilder().add("libraries", array)));
        } catch (IOException e) {
            throw new RecordException(
                    Reason.UNAVAILABLE,
                    folder.resolve(FILE) + " cannot be written: " + e.getMessage(),
                    e);
        }
    }
}
