package dev.capstan.record.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.Downloads;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordExchange;
import dev.capstan.record.Records;
import dev.capstan.record.spi.TagReader;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.TestFramework;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.util.promise.Promise;

/**
 * A host with records in a real framework: the real queue, stores, engine and direct host, from
 * their jars. The contracts are the test's own, so that it calls what any bundle would call.
 */
final class RecordHost implements AutoCloseable {
    private static final List<String> BUNDLES =
            Stream.concat(
                            TestFramework.ENGINE.stream(),
                            Stream.of(
                                    "dev.capstan.record.mpv",
                                    "dev.capstan.record.provider",
                                    "org.eclipse.parsson.jakarta.json"))
                    .toList();

    /** Requests can be counted only where no second connection is tried. */
    private static final Map<String, Map<String, Object>> ONE_CONNECTION =
            Map.of("dev.capstan.transfer.http", Map.of("maxConnections", 1));

    final Path data;
    final List<Event> events = new CopyOnWriteArrayList<>();
    final Records records;
    final RecordExchange exchange;
    final Downloads downloads;
    final Contents contents;
    private final TestFramework framework;

    /** Starts a host on a data folder. */
    RecordHost(Path data) {
        this(data, Map.of());
    }

    /**
     * Starts a host with configurations.
     *
     * @param settings PID to keys and values
     */
    RecordHost(Path data, Map<String, Map<String, Object>> settings) {
        this.data = data;
        try {
            configure(settings);
            framework = new TestFramework(data, BUNDLES);
            framework
                    .context()
                    .registerService(
                            EventHandler.class,
                            events::add,
                            properties(Map.of(EventConstants.EVENT_TOPIC, "dev/capstan/record/*")));
            downloads = service(Downloads.class);
            contents = service(Contents.class);
            service(OutboundHttp.class);
            records = service(Records.class);
            exchange = service(RecordExchange.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Another bundle brings a reader of tags. */
    ServiceRegistration<TagReader> register(TagReader reader) {
        return framework.context().registerService(TagReader.class, reader, null);
    }

    /** Another bundle brings a host. */
    ServiceRegistration<HostResolver> register(HostResolver resolver, String id) {
        var properties =
                properties(Map.of(HostResolver.ID, id, HostResolver.SCHEMES, new String[] {id}));
        return framework.context().registerService(HostResolver.class, resolver, properties);
    }

    // What a user does.

    static EtchRequest request(String name, Origin origin, String... paths) {
        var links = Stream.of(paths).map(path -> origin.uri(path).toString()).toList();
        return EtchRequest.of(name, links).withTrust(Trust.OPERATOR);
    }

    EtchedRecord etch(String name, Origin origin, String... paths) {
        return get(records.etch(request(name, origin, paths)));
    }

    /** All bytes of a track. */
    byte[] play(EtchedRecord record, int track) throws Exception {
        try (var reader = get(records.play(record.id(), track))) {
            return readAll(reader);
        }
    }

    static byte[] readAll(ContentReader reader) throws Exception {
        var all = new ByteArrayOutputStream();
        var block = ByteBuffer.allocate(64 << 10);
        while (reader.read(all.size(), block.clear()) >= 0) {
            all.write(block.array(), 0, block.position());
        }
        return all.toByteArray();
    }

    static <T> T get(Promise<T> promise) {
        try {
            return promise.timeout(TimeUnit.SECONDS.toMillis(60)).getValue();
        } catch (InvocationTargetException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for an end, good or bad. */
    static void settle(Promise<?> promise) {
        try {
            promise.timeout(TimeUnit.SECONDS.toMillis(60)).getFailure();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static RecordException failure(Promise<?> promise) {
        try {
            var failure = promise.timeout(TimeUnit.SECONDS.toMillis(60)).getFailure();
            if (failure instanceof RecordException expected) {
                return expected;
            }
            throw new AssertionError("Not refused", failure);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // What a test looks at.

    /** Bytes that are taken for MP3: a tag, and noise behind it. */
    static Body song(int length, int seed) {
        var bytes = Body.random(length, seed).bytes();
        System.arraycopy(
                "ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000".getBytes(UTF_8), 0, bytes, 0, 10);
        return Body.of(bytes);
    }

    List<Download> queue() {
        return downloads.list(DownloadQuery.ALL).items();
    }

    /** Gives up all content, as when room was needed. */
    void emptyStore() {
        for (var content : contents.list(null, 100)) {
            await(() -> contents.evict(content.digest()));
        }
    }

    boolean nothingIsLeftInStaging() {
        var staging = data.resolve("staging");
        try (var files = Files.exists(staging) ? Files.list(staging) : Stream.<Path>empty()) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void await(BooleanSupplier condition) {
        within(Duration.ofSeconds(30), condition);
    }

    static void within(Duration most, BooleanSupplier condition) {
        var end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + most);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        framework.close();
    }

    private void configure(Map<String, Map<String, Object>> settings) throws IOException {
        var folder = Files.createDirectories(data.resolve("configurations"));
        var all = new HashMap<>(ONE_CONNECTION);
        all.putAll(settings);
        for (var pid : all.entrySet()) {
            var lines = new StringBuilder("service.pid=\"" + pid.getKey() + "\"\n");
            pid.getValue()
                    .forEach(
                            (key, value) ->
                                    lines.append(key)
                                            .append(
                                                    value instanceof Long
                                                            ? "=L\""
                                                            : value instanceof Integer
                                                                    ? "=I\""
                                                                    : "=\"")
                                            .append(value)
                                            .append("\"\n"));
            var file = folder.resolve(pid.getKey().replace('.', '/') + ".config");
            Files.createDirectories(file.getParent());
            Files.writeString(file, lines);
        }
    }

    <T> T service(Class<T> type) {
        return framework.service(type);
    }

    private static Hashtable<String, Object> properties(Map<String, Object> map) {
        return new Hashtable<>(map);
    }
}
