package dev.capstan.room.provider.piece;

import dev.capstan.content.spi.ContentStore;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.Downloads;
import dev.capstan.event.Topics;
import dev.capstan.tck.TestFramework;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * The real queue, stores, engine and direct host in a real framework, from their jars, and a
 * fetcher beside them that hears their events. Started once for all tests that ask for one.
 */
public final class PieceHost implements ExtensionContext.Store.CloseableResource, AutoCloseable {

    final Path data;
    public final Downloads downloads;
    public final ContentStore contents;
    public final PieceFetcher fetcher;

    /** One that waits only a little for what goes silent. */
    final PieceFetcher hasty;

    private final TestFramework framework;

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
            framework = new TestFramework(data, TestFramework.ENGINE);
            downloads = framework.service(Downloads.class);
            contents = framework.service(ContentStore.class);
            fetcher = fetcher(Duration.ofSeconds(20));
            hasty = fetcher(Duration.ofSeconds(5));
        } catch (IOException e) {
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
    public void close() throws IOException {
        fetcher.close();
        hasty.close();
        framework.close();
        Removal.of(data);
    }

    private PieceFetcher fetcher(Duration patience) {
        var made = new PieceFetcher(downloads, contents, patience);
        framework
                .context()
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
}
