package dev.capstan.host.deezer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadException;
import dev.capstan.host.deezer.fake.FakeDeezer;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.tck.host.ManualTime;
import dev.capstan.transfer.http.HttpTransferEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A host, the service it asks, and the client it asks with: real but for the clock. */
final class House implements AutoCloseable {
    private static final OutboundHttp OUTBOUND = outbound();

    final FakeDeezer fake = FakeDeezer.start();
    final ManualTime time = new ManualTime();
    final DeezerHost host;

    House(Map<String, ?> settings) {
        var all = new HashMap<String, Object>(settings);
        all.putIfAbsent("apiUrl", fake.apiUrl().toString());
        all.putIfAbsent("previewHosts", new String[] {".dzcdn.net", fake.deliveryUrl().getHost()});
        host = new DeezerHost(Settings.of(DeezerConfig.class, all), time);
    }

    Asked asked() {
        return Asked.now(OUTBOUND, time);
    }

    Resolution resolve(String link) throws DownloadException, InterruptedException {
        return resolve(link, asked());
    }

    /** As the orchestrator does it: first the canonical link, then what is behind that. */
    Resolution resolve(String link, Asked asked) throws DownloadException, InterruptedException {
        return host.resolve(host.recognise(link).orElseThrow(), asked.given(link));
    }

    RemoteFile file(String link) throws DownloadException, InterruptedException {
        return ((Resolution.Found) resolve(link)).file();
    }

    List<Resolution.Entry> all(String link) throws DownloadException, InterruptedException {
        return pages(link).stream().flatMap(page -> page.entries().stream()).toList();
    }

    List<@Nullable String> notes(String link) throws DownloadException, InterruptedException {
        return pages(link).stream().map(Resolution.Page::note).toList();
    }

    /** All pages of a listing, with a new context for each, as after a restart. */
    private List<Resolution.Page> pages(String link)
            throws DownloadException, InterruptedException {
        var pages = new ArrayList<Resolution.Page>();
        String cursor = null;
        do {
            var page = ((Resolution.Listing) resolve(link)).pages().page(cursor);
            pages.add(page);
            cursor = page.next();
            assertThat(pages).as("a list that ends").hasSizeLessThan(1_000);
        } while (cursor != null);
        return pages;
    }

    @Override
    public void close() {
        fake.close();
    }

    private static OutboundHttp outbound() {
        var constructor = HttpTransferEngine.class.getConstructors()[0];
        try {
            var config = Settings.of(constructor.getParameterTypes()[0], Map.of("proxy", "none"));
            return (OutboundHttp) constructor.newInstance(config);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("The engine has another constructor", e);
        }
    }
}
