package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.spi.ContentStore;
import dev.capstan.download.Added;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.RefusedException;
import dev.capstan.download.Trust;
import dev.capstan.download.spi.DownloadStore;
import dev.capstan.download.spi.StoreException;
import dev.capstan.name.DataFolder;
import dev.capstan.secret.spi.Secrets;
import dev.capstan.transfer.spi.TransferEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.osgi.util.promise.Promise;

/**
 * An orchestrator over the real stores in a folder, with a scripted host and a scripted engine, and
 * a clock that stands still until it is moved.
 */
final class House implements AutoCloseable {
    final ManualClock clock = new ManualClock();
    final ScriptedHost host = new ScriptedHost();
    final ScriptedEngine engine = new ScriptedEngine();
    final RecordedEvents events = new RecordedEvents();
    final Path data;
    DownloadStore store;
    ContentStore contents;
    Secrets secrets;
    Orchestrator downloads;
    HostService service;
    volatile StoreException storeFault;

    /** Runs where a row was just written, before whoever wrote it knows. */
    volatile Runnable written = () -> {};

    Settings settings;

    House(Path data) {
        this.data = data;
        settings = new Settings(4, data.resolve("downloads"), 5, 10_000, Duration.ofSeconds(60));
        start();
    }

    /** A body that is the same for the same name and length. */
    static byte[] body(String name, int length) {
        var body = new byte[length];
        new Random(name.hashCode()).nextBytes(body);
        return body;
    }

    /** Starts everything as a framework would. */
    void start() {
        store =
                Parts.make(
                        "dev.capstan.download.sqlite.SqliteDownloadStore",
                        DownloadStore.class,
                        data);
        contents =
                Parts.make("dev.capstan.content.file.FileContentStore", ContentStore.class, data);
        secrets = Parts.make("dev.capstan.secret.file.FileSecrets", Secrets.class, data);
        downloads =
                new Orchestrator(
                        faulty(store),
                        contents,
                        events,
                        secrets,
                        new DataFolder(data),
                        settings,
                        bundle -> true,
                        clock,
                        null);
        clock.onAdvance(downloads::wake);
        hostComes();
        engineComes();
        downloads.start();
    }

    /** The store, or a fault a test has put in front of it. */
    private DownloadStore faulty(DownloadStore real) {
        return (DownloadStore)
                Proxy.newProxyInstance(
                        House.class.getClassLoader(),
                        new Class<?>[] {DownloadStore.class},
                        (proxy, method, arguments) -> {
                            var fault = storeFault;
                            if (fault != null) {
                                throw fault;
                            }
                            try {
                                var result = method.invoke(real, arguments);
                                if (method.getName().equals("update")) {
                                    written.run();
                                }
                                return result;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    /** Stops everything as a framework would. */
    void stop() {
        downloads.stop();
        service.close();
        Parts.deactivate(contents, "close");
        Parts.deactivate(store, "close");
    }

    void restart() {
        stop();
        engine.comeBack();
        start();
    }

    void hostComes() {
        hostComes(host.service());
    }

    void hostComes(HostService coming) {
        service = coming;
        downloads.hostCame(service);
    }

    void hostGoes() {
        downloads.hostWent(service);
    }

    void engineComes() {
        engine.comeBack();
        downloads.addEngine(engine, Map.of(TransferEngine.SCHEMES, new String[] {"http", "https"}));
    }

    void engineGoes() {
        downloads.removeEngine(engine);
        engine.go();
    }

    void configure(int maxConcurrent) {
        settings =
                new Settings(
                        maxConcurrent,
                        settings.directory(),
                        settings.maxRetries(),
                        settings.maxListing(),
                        settings.resolveLimit());
        downloads.configure(settings);
    }

    void configure(Settings changed) {
        settings = changed;
        downloads.configure(changed);
    }

    // What a face does.

    static DownloadRequest request(String link) {
        return DownloadRequest.of(link).trust(Trust.OPERATOR);
    }

    Added add(DownloadRequest request) {
        return get(downloads.add(List.of(request))).get(0);
    }

    List<Added> add(List<DownloadRequest> requests) {
        return get(downloads.add(requests));
    }

    /** Adds a link that must be taken; gives its id. */
    String add(String link) {
        return idOf(add(request(link)));
    }

    static String idOf(Added added) {
        if (added.download() == null) {
            throw new AssertionError(added.refusal());
        }
        return added.download().id();
    }

    Download command(String id, Command command) {
        return get(downloads.command(id, command));
    }

    RefusedException refusal(Promise<?> promise) {
        try {
            var value = promise.getValue();
            throw new AssertionError("Not refused: " + value);
        } catch (InvocationTargetException e) {
            return (RefusedException) e.getCause();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static <T> T get(Promise<T> promise) {
        try {
            return promise.getValue();
        } catch (InvocationTargetException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Download get(String id) {
        return downloads.get(id).orElseThrow();
    }

    // What a test looks at.

    Download await(String id, DownloadState... states) {
        try {
            Await.until(() -> Arrays.asList(states).contains(get(id).state()));
        } catch (AssertionError e) {
            throw new AssertionError("Not " + Arrays.toString(states) + ": " + get(id), e);
        }
        return get(id);
    }

    Download awaitCompleted(String id) {
        return await(id, DownloadState.COMPLETED);
    }

    /** Waits for a row that is at rest in the store in a state. */
    Download awaitStored(String id, DownloadState state) {
        Await.until(() -> store.get(id).map(Download::state).filter(state::equals).isPresent());
        return store.get(id).orElseThrow();
    }

    List<Download> all() {
        return downloads.list(DownloadQuery.ALL.withLimit(DownloadQuery.MAX_LIMIT)).items();
    }

    void assertPlaced(String id, byte[] body) {
        var placed = get(id).target().placed();
        assertThat(placed).isNotNull();
        assertThat(placed).hasBinaryContent(body);
    }

    static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    /** Everything below the data folder as text, for canaries. */
    boolean anyFileContains(String text) {
        try (var files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(data.resolve("secrets")))
                    .anyMatch(file -> contains(file, text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        engine.go();
        stop();
    }
}
