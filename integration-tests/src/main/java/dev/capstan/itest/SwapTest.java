package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Added;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.download.Trust;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.util.tracker.ServiceTracker;

/** Real downloads in a real framework, and what they do while bundles come and go. */
@DisplayName("H2 Swap under load")
class SwapTest {
    private static final int SIZE = 6_000_000;
    private static final int PACE = 2_000_000;

    /**
     * What a connection may have had under way when it was cut: a block and its socket's buffers.
     */
    private static final long BLOCK = 1 << 20;

    @InjectBundleContext BundleContext context;

    @TempDir Path folder;

    private ServiceTracker<Downloads, Downloads> downloads;

    @BeforeEach
    void track() {
        downloads = new ServiceTracker<>(context, Downloads.class, null);
        downloads.open();
    }

    @AfterEach
    void untrack() {
        downloads.close();
    }

    @Test
    @DisplayName("A link becomes a verified file")
    void linkBecomesFile() throws Exception {
        try (var origin = Origin.plain()) {
            var body = Body.random(SIZE, 1);
            origin.serve("/one.bin", Resource.of(body));

            var id = add(origin.uri("/one.bin").toString());
            var done = await(id, DownloadState.COMPLETED);

            assertThat(Objects.requireNonNull(done.digest()).hex()).isEqualTo(body.sha256());
            assertThat(Files.size(folder.resolve("one.bin"))).isEqualTo(SIZE);
        }
    }

    @ParameterizedTest(name = "{0} stopped and started")
    @ValueSource(
            strings = {
                "dev.capstan.host.direct",
                "dev.capstan.transfer.http",
                "dev.capstan.content.file",
                "dev.capstan.download.sqlite",
                "dev.capstan.download.provider",
                "dev.capstan.secret.file"
            })
    @DisplayName("H2, H2a: nothing fails and no byte is fetched twice")
    void stopAndStart(String name) throws Exception {
        swap(
                name,
                bundle -> {
                    bundle.stop();
                    bundle.start();
                });
    }

    @ParameterizedTest(name = "{0} updated")
    @ValueSource(
            strings = {
                "dev.capstan.host.direct",
                "dev.capstan.transfer.http",
                "dev.capstan.content.file",
                "dev.capstan.download.sqlite",
                "dev.capstan.download.provider"
            })
    @DisplayName("H2, H2a: the same over an update")
    void update(String name) throws Exception {
        swap(name, Bundle::update);
    }

    private interface Change {
        void apply(Bundle bundle) throws Exception;
    }

    private void swap(String name, Change change) throws Exception {
        try (var origin = Origin.plain()) {
            var ids = new ArrayList<String>();
            for (var i = 0; i < 4; i++) {
                origin.serve("/" + name + i, Resource.of(Body.random(SIZE, i)).pace(PACE));
                ids.add(add(origin.uri("/" + name + i).toString()));
            }
            Awaits.until("bytes flow", () -> origin.bodyBytes() > SIZE);
            var asked = origin.log().size();
            // The swap cuts all of them, and what remains need not take its time.
            for (var i = 0; i < ids.size(); i++) {
                origin.serve("/" + name + i, Resource.of(Body.random(SIZE, i)));
            }

            change.apply(bundle(name));
            var back = System.nanoTime();
            Awaits.until("each goes on", () -> answered(origin, asked) >= ids.size());
            var pause = Duration.ofNanos(System.nanoTime() - back);
            for (var id : ids) {
                await(id, DownloadState.COMPLETED);
            }

            for (var i = 0; i < ids.size(); i++) {
                assertThat(folder.resolve(name + i)).hasBinaryContent(Body.random(SIZE, i).bytes());
            }
            var twice = origin.bodyBytes() - (long) ids.size() * SIZE;
            System.out.printf(
                    "%s: on again after %d ms, %d bytes twice%n", name, pause.toMillis(), twice);
            assertThat(pause).isLessThan(Duration.ofSeconds(10));
            assertThat(twice).isLessThanOrEqualTo(ids.size() * BLOCK);
        }
    }

    /** How many of the requests after the first ones have brought bytes. */
    private static long answered(Origin origin, int first) {
        return origin.log().stream()
                .skip(first)
                .filter(exchange -> exchange.bodyBytes() > 0)
                .count();
    }

    private String add(String link) throws Exception {
        var request =
                DownloadRequest.of(link)
                        .trust(Trust.OPERATOR)
                        .folder(folder)
                        .options(new DownloadOptions(1, 0, null, null, false));
        Added added = downloads().add(List.of(request)).getValue().get(0);
        assertThat(added.refusal()).isNull();
        return Objects.requireNonNull(added.download()).id();
    }

    private Download await(String id, DownloadState state) throws Exception {
        Awaits.until(state + " of " + id, () -> state(id) == state);
        return downloads().get(id).orElseThrow();
    }

    private DownloadState state(String id) {
        var service = downloads.getService();
        if (service == null) {
            return DownloadState.QUEUED;
        }
        try {
            var download = service.get(id).orElseThrow();
            assertThat(download.state())
                    .as(String.valueOf(download.status()))
                    .isNotEqualTo(DownloadState.FAILED);
            return download.state();
        } catch (IllegalStateException e) {
            // It is just going; the tracker will have the next one.
            return DownloadState.QUEUED;
        }
    }

    private Downloads downloads() throws InterruptedException {
        return downloads.waitForService(10_000);
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(name))
                .findAny()
                .orElseThrow();
    }
}
