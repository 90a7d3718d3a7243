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
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.util.promise.Promise;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A host with records in a real framework: the real queue, stores, engine and direct host, from
 * their jars. The contracts are the test's own, so that it calls what any bundle would call.
 */
final class RecordHost implements AutoCloseable {
    private static final Pattern BUNDLES =
            Pattern.compile(
                    ".*(org\\.apache\\.felix\\.(scr|configadmin|eventadmin)|sqlite-jdbc"
                            + "|org\\.osgi\\.service\\.component|jakarta\\.json"
                            + "|dev\\.capstan\\.(lib\\.httpclient|secret\\.file|content\\.file"
                            + "|record\\.mpv|transfer\\.http|host\\.direct|download\\.sqlite"
                            + "|download\\.provider))[-/].*");

    private static final String SHARED =
            Stream.of(
                                    "access",
                                    "content",
                                    "download",
                                    "event",
                                    "feature",
                                    "health",
                                    "host",
                                    "name",
                                    "record",
                                    "room",
                                    "face",
                                    "content.spi",
                                    "decrypt.spi",
                                    "download.spi",
                                    "host.spi",
                                    "metalink.spi",
                                    "net.spi",
                                    "record.spi",
                                    "secret.spi",
                                    "transfer.spi")
                            .map(name -> "dev.capstan." + name + ";version=1.0.0")
                            .reduce((one, other) -> one + "," + other)
                            .orElseThrow()
                    + ",org.osgi.util.promise;version=1.1.1,org.osgi.util.function;version=1.1.0"
                    + ",org.osgi.service.event;version=1.4.0";

    final Path data;
    final List<Event> events = new CopyOnWriteArrayList<>();
    final Records records;
    final RecordExchange exchange;
    final Downloads downloads;
    final Contents contents;
    private final Framework framework;

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
            framework = start(settings);
            var context = framework.getBundleContext();
            context.registerService(
                    EventHandler.class,
                    events::add,
                    properties(Map.of(EventConstants.EVENT_TOPIC, "dev/capstan/record/*")));
            downloads = service(Downloads.class);
            contents = service(Contents.class);
            service(OutboundHttp.class);
            records = service(Records.class);
            exchange = service(RecordExchange.class);
        } catch (BundleException | IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Another bundle brings a reader of tags. */
    ServiceRegistration<TagReader> register(TagReader reader) {
        return framework.getBundleContext().registerService(TagReader.class, reader, null);
    }

    /** Another bundle brings a host. */
    ServiceRegistration<HostResolver> register(HostResolver resolver, String id) {
        var properties =
                properties(Map.of(HostResolver.ID, id, HostResolver.SCHEMES, new String[] {id}));
        return framework
                .getBundleContext()
                .registerService(HostResolver.class, resolver, properties);
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
        try {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
        } catch (BundleException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Framework start(Map<String, Map<String, Object>> settings)
            throws BundleException, IOException {
        var made =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        data.resolve("osgi").toString(),
                                        Constants.FRAMEWORK_STORAGE_CLEAN,
                                        Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                        SHARED,
                                        "felix.cm.dir",
                                        configurations(settings).toString(),
                                        "capstan.data",
                                        data.toString()));
        made.init();
        var context = made.getBundleContext();
        for (var bundle : install(context)) {
            context.getBundle(bundle).start();
        }
        made.start();
        return made;
    }

    private static List<Long> install(BundleContext context) throws BundleException, IOException {
        var ids = new ArrayList<Long>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (BUNDLES.matcher(entry).matches()) {
                ids.add(context.installBundle("reference:" + Path.of(entry).toUri()).getBundleId());
            }
        }
        var own = Path.of("target/classes").toAbsolutePath().toUri();
        ids.add(context.installBundle("reference:" + own).getBundleId());
        return ids;
    }

    private Path configurations(Map<String, Map<String, Object>> settings) throws IOException {
        var folder = Files.createDirectories(data.resolve("configurations"));
        for (var pid : settings.entrySet()) {
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
        return folder;
    }

    <T> T service(Class<T> type) throws InterruptedException {
        var tracker = new ServiceTracker<T, T>(framework.getBundleContext(), type, null);
        tracker.open();
        var found = tracker.waitForService(TimeUnit.SECONDS.toMillis(30));
        if (found == null) {
            throw new AssertionError("No " + type.getName());
        }
        return found;
    }

    private static Hashtable<String, Object> properties(Map<String, Object> map) {
        return new Hashtable<>(map);
    }
}
