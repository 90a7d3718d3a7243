package dev.capstan.room.provider.piece;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.content.spi.ContentStore;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.Downloads;
import dev.capstan.event.Topics;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The real queue, stores, engine and direct host in a real framework, from their jars, and a
 * fetcher beside them that hears their events. Started once for all tests that ask for one.
 */
public final class PieceHost implements ExtensionContext.Store.CloseableResource, AutoCloseable {

    private static final Pattern BUNDLES =
            Pattern.compile(
                    ".*(org\\.apache\\.felix\\.(scr|configadmin|eventadmin)|sqlite-jdbc"
                            + "|org\\.osgi\\.service\\.component"
                            + "|dev\\.capstan\\.(lib\\.httpclient|secret\\.file|content\\.file"
                            + "|transfer\\.http|host\\.direct|download\\.sqlite"
                            + "|download\\.provider))[-/].*");

    private static final String SHARED =
            Stream.of(
                                    "access",
                                    "content",
                                    "download",
                                    "event",
                                    "face",
                                    "feature",
                                    "health",
                                    "host",
                                    "name",
                                    "record",
                                    "room",
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
                            .collect(Collectors.joining(","))
                    + ",org.osgi.util.promise;version=1.1.1,org.osgi.util.function;version=1.1.0"
                    + ",org.osgi.service.event;version=1.4.0";

    final Path data;
    public final Downloads downloads;
    public final ContentStore contents;
    public final PieceFetcher fetcher;

    /** One that waits only a little for what goes silent. */
    final PieceFetcher hasty;

    private final Framework framework;

    /** Gives tests the one host. */
    static final class Shared implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == PieceHost.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(PieceHost.class))
                    .getOrComputeIfAbsent("host", any -> new PieceHost());
        }
    }

    /** Starts one. */
    public PieceHost() {
        try {
            data = Files.createTempDirectory("capstan-pieces");
            framework = start();
            downloads = service(Downloads.class);
            contents = service(ContentStore.class);
            fetcher = fetcher(Duration.ofSeconds(20));
            hasty = fetcher(Duration.ofSeconds(5));
        } catch (BundleException | IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What is in the queue for a batch. */
    List<Download> queue(String batchName) {
        var all =
                new DownloadQuery(
                        Set.of(),
                        null,
                        null,
                        null,
                        null,
                        DownloadQuery.Sort.ADDED,
                        true,
                        DownloadQuery.MAX_LIMIT,
                        null);
        return downloads.list(all).items().stream()
                .filter(row -> row.batch() != null && row.batch().name().equals(batchName))
                .toList();
    }

    /** Names in a folder. */
    static List<String> names(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within 30 s");
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() throws Exception {
        fetcher.close();
        hasty.close();
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
        Durable.remove(data);
    }

    private PieceFetcher fetcher(Duration patience) {
        var made = new PieceFetcher(downloads, contents, patience);
        framework
                .getBundleContext()
                .registerService(
                        EventHandler.class,
                        made,
                        new Hashtable<>(
                                Map.of(
                                        EventConstants.EVENT_TOPIC,
                                        new String[] {
                                            Topics.DOWNLOAD_STATE,
                                            Topics.DOWNLOAD_PROGRESS,
                                            Topics.DOWNLOAD_REMOVED
                                        })));
        return made;
    }

    private Framework start() throws BundleException, IOException {
        var settings = Files.createDirectories(data.resolve("configurations/dev/capstan/download"));
        Files.writeString(
                settings.resolve("provider.config"),
                "service.pid=\"dev.capstan.download.provider\"\n",
                UTF_8);
        var made =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        Constants.FRAMEWORK_STORAGE,
                                        data.resolve("osgi").toString(),
                                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                                        SHARED,
                                        "felix.cm.dir",
                                        data.resolve("configurations").toString(),
                                        "capstan.data",
                                        data.toString()));
        made.init();
        var context = made.getBundleContext();
        var jars = System.getProperty("java.class.path").split(File.pathSeparator);
        for (var jar : jars) {
            if (BUNDLES.matcher(jar).matches()) {
                context.installBundle("reference:" + Path.of(jar).toUri());
            }
        }
        for (var bundle : context.getBundles()) {
            bundle.start();
        }
        made.start();
        return made;
    }

    private <T> T service(Class<T> type) throws InterruptedException {
        var tracker = new ServiceTracker<T, T>(framework.getBundleContext(), type, null);
        tracker.open();
        var found = tracker.waitForService(TimeUnit.SECONDS.toMillis(30));
        if (found == null) {
            throw new AssertionError("No " + type.getName());
        }
        return found;
    }
}
