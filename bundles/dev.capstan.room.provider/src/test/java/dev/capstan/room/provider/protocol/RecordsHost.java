package dev.capstan.room.provider.protocol;

import dev.capstan.content.Contents;
import dev.capstan.download.Downloads;
import dev.capstan.event.Topics;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Records;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The real records in a framework of their own. What they would fetch with is not there: playing in
 * step needs names and positions, and no bytes.
 */
final class RecordsHost implements AutoCloseable {
    private static final Pattern BUNDLES =
            Pattern.compile(
                    ".*(org\\.apache\\.felix\\.(scr|configadmin|eventadmin)"
                            + "|org\\.osgi\\.service\\.component|jakarta\\.json"
                            + "|dev\\.capstan\\.record\\.provider)[-/].*");

    private static final String SHARED =
            Stream.of(
                                    "content",
                                    "download",
                                    "event",
                                    "face",
                                    "host",
                                    "name",
                                    "record",
                                    "room",
                                    "net.spi",
                                    "record.spi")
                            .map(name -> "dev.capstan." + name + ";version=1.0.0")
                            .collect(Collectors.joining(","))
                    + ",org.osgi.util.promise;version=1.1.1,org.osgi.util.function;version=1.1.0"
                    + ",org.osgi.service.event;version=1.4.0";

    final Records records;
    private final Framework framework;

    RecordsHost(Path data) throws BundleException, IOException, InterruptedException {
        framework =
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
        framework.init();
        var context = framework.getBundleContext();
        for (var jar : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (BUNDLES.matcher(jar).matches()) {
                context.installBundle("reference:" + Path.of(jar).toUri());
            }
        }
        for (var bundle : context.getBundles()) {
            bundle.start();
        }
        framework.start();
        absent(context, Downloads.class);
        absent(context, Contents.class);
        var tracker = new ServiceTracker<Records, Records>(context, Records.class, null);
        tracker.open();
        records = tracker.waitForService(TimeUnit.SECONDS.toMillis(30));
    }

    /** Tells which record was joined, steered or left. */
    void whenPlaying(Consumer<String> listener) {
        EventHandler handler =
                event -> listener.accept(((EtchedRecord) event.getProperty(Topics.RECORD)).id());
        framework
                .getBundleContext()
                .registerService(
                        EventHandler.class,
                        handler,
                        new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, Topics.RECORD_PLAYING)));
    }

    private static <T> void absent(BundleContext context, Class<T> type) {
        var proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> {
                            // Records of others are never kept.
                            if (method.getName().equals("unpin")) {
                                return null;
                            }
                            throw new UnsupportedOperationException(method.toString());
                        });
        context.registerService(type, type.cast(proxy), null);
    }

    @Override
    public void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(20));
    }
}
