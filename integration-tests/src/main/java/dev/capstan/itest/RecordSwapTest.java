package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents;
import dev.capstan.download.DownloadException;
import dev.capstan.download.Trust;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Records;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.util.tracker.ServiceTracker;

/** Etched records in a real framework, and what they do while their bundle goes and comes back. */
@DisplayName("H2 Swap of records")
class RecordSwapTest {
    private static final int SIZE = 3_000_000;
    private static final long MOST_MILLIS = 30_000;

    @InjectBundleContext BundleContext context;

    private ServiceTracker<Records, Records> records;

    @BeforeEach
    void track() {
        records = new ServiceTracker<>(context, Records.class, null);
        records.open();
    }

    @AfterEach
    void untrack() {
        records.close();
    }

    @Test
    @DisplayName("E3: who plays meanwhile is not left waiting, and all records are there again")
    void recordsOutliveTheirBundle(@InjectService Contents contents) throws Exception {
        try (var origin = Origin.plain()) {
            var song = song();
            origin.serve("/swapped.mp3", Resource.of(song));
            var record = etch(origin.uri("/swapped.mp3").toString());
            var digest = Objects.requireNonNull(record.tracks().get(0).sha256());
            Awaits.until("content given up", () -> contents.evict(digest));
            origin.serve("/swapped.mp3", Resource.of(song).withoutRanges().pace(1_000_000));

            var reader = service().play(record.id(), 0).timeout(MOST_MILLIS).getValue();
            var heard = new AtomicInteger();
            var playing = CompletableFuture.supplyAsync(() -> listen(reader, heard));
            Awaits.until("it plays", () -> heard.get() > 0);
            var bundle = bundle("dev.capstan.record.provider");
            bundle.stop();
            assertThat(records.getService()).isNull();
            bundle.start();

            var bytes = playing.get(MOST_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(bytes).isEqualTo(Arrays.copyOf(song.bytes(), bytes.length));
            assertThat(service().get(record.id())).contains(record);
            origin.serve("/swapped.mp3", Resource.of(song));
            var again = service().play(record.id(), 0).timeout(MOST_MILLIS).getValue();
            var whole = CompletableFuture.supplyAsync(() -> listen(again, heard));
            assertThat(whole.get(MOST_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(song.bytes());
            assertThat(service().remove(record.id())).isTrue();
        }
    }

    /** All bytes until the end, or until there are no more to be had. */
    private static byte[] listen(ContentReader reader, AtomicInteger heard) {
        var bytes = new ByteArrayOutputStream();
        var block = ByteBuffer.allocate(64 << 10);
        try (reader) {
            while (reader.read(bytes.size(), block.clear()) >= 0) {
                bytes.write(block.array(), 0, block.position());
                heard.set(bytes.size());
            }
        } catch (DownloadException | IllegalStateException e) {
            System.out.println("Playing ended after " + bytes.size() + " bytes: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private EtchedRecord etch(String link) throws Exception {
        var request = EtchRequest.of("Swapped song", List.of(link)).withTrust(Trust.OPERATOR);
        return service().etch(request).timeout(MOST_MILLIS).getValue();
    }

    private Records service() throws InterruptedException {
        return Objects.requireNonNull(records.waitForService(MOST_MILLIS));
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static Body song() {
        var bytes = Body.random(SIZE, 11).bytes();
        var tag = "ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(tag, 0, bytes, 0, tag.length);
        return Body.of(bytes);
    }
}
