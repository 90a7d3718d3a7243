package dev.capstan.itest;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * S8: a plug-in that does what its link says, {@code hostile:MODE/NAME}, and none of it is what it
 * must.
 */
public final class HostileHost implements HostResolver {
    private static final int MANY = 10_000_000;

    static void write(Path jar) throws IOException {
        PluginJar.write(
                jar,
                "hostile",
                HostileHost.class,
                "dev.capstan.content",
                "dev.capstan.download",
                "dev.capstan.host.spi");
    }

    @Override
    public Optional<String> recognise(String link) {
        return link.startsWith("hostile:") ? Optional.of(link) : Optional.empty();
    }

    @Override
    @SuppressWarnings({"InfiniteLoopStatement", "NullAway"})
    public Resolution resolve(String link, ResolveContext context) throws DownloadException {
        switch (link.substring("hostile:".length(), link.indexOf('/'))) {
            case "exception" -> throw new IllegalStateException("marked");
            case "error" -> throw new StackOverflowError();
            case "memory" -> throw new OutOfMemoryError("none left");
            case "linkage" -> throw new NoClassDefFoundError("org/acme/Gone");
            case "nothing" -> {
                return null;
            }
            case "leak" -> {
                new Thread(HostileHost::never, "leaked-by-a-plug-in").start();
                throw new IllegalStateException("It leaves a thread behind");
            }
            case "rubbish" -> {
                return new Resolution.Found(
                        RemoteFile.of(
                                new SourceKey("direct", "stolen"),
                                DirectLink.of(URI.create("nowhere"))));
            }
            case "many" -> {
                var entry = new Resolution.Entry("hostile:exception/x", null, null, null, Map.of());
                var page = new Resolution.Page(Collections.nCopies(MANY, entry), "more", null);
                return new Resolution.Listing("endless", cursor -> page);
            }
            case "block" -> {
                never();
                return null;
            }
            default -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Whoever wants it to stop is not heard. */
    @SuppressWarnings("InfiniteLoopStatement")
    private static void never() {
        while (true) {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
                // Nor is this.
            }
        }
    }

    /** All it can do but to hang. */
    static final List<String> QUICK =
            List.of("exception", "error", "memory", "linkage", "nothing", "rubbish", "leak");
}
