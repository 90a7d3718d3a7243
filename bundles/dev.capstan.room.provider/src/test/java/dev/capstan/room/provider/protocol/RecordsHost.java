package dev.capstan.room.provider.protocol;

import dev.capstan.content.Contents;
import dev.capstan.download.Downloads;
import dev.capstan.event.Topics;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Records;
import dev.capstan.tck.TestFramework;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * The real records in a framework of their own. What they would fetch with is not there: playing in
 * step needs names and positions, and no bytes.
 */
final class RecordsHost implements AutoCloseable {
    private static final List<String> BUNDLES =
            List.of("dev.capstan.record.provider", "org.eclipse.parsson.jakarta.json");

    final Records records;
    private final TestFramework framework;

    RecordsHost(Path data) {
        framework = new TestFramework(data, BUNDLES);
        absent(Downloads.class);
        absent(Contents.class);
        records = framework.service(Records.class);
    }

    /** Tells which record was joined, steered or left. */
    void whenPlaying(Consumer<String> listener) {
        EventHandler handler =
                event -> listener.accept(((EtchedRecord) event.getProperty(Topics.RECORD)).id());
        framework
                .context()
                .registerService(
                        EventHandler.class,
                        handler,
                        new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, Topics.RECORD_PLAYING)));
    }

    private <T> void absent(Class<T> type) {
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
        framework.context().registerService(type, type.cast(proxy), null);
    }

    @Override
    public void close() {
        framework.close();
    }
}
