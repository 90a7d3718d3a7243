package dev.capstan.itest.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.download.DownloadException;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.tck.hostile.HostileCase;
import dev.capstan.tck.hostile.HostileOrigin;
import dev.capstan.tck.hostile.Outcome;
import dev.capstan.tck.hostile.Setting;
import dev.capstan.transfer.spi.Answer;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult;
import dev.capstan.transfer.spi.TransferResult.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs cases with one engine for all and a store for each. Safe for any number of threads. */
final class Bench implements AutoCloseable {
    // On an idle machine no case needs a quarter of it.
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final Duration LONGEST_OF_GIGABYTES = Duration.ofMinutes(5);
    private static final String CONTENT = "content/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}";

    private final Components components;
    private final KilledProcess killed;
    private final TransferEngine engine;
    private final ScheduledExecutorService alarm =
            Executors.newSingleThreadScheduledExecutor(
                    work -> new Thread(work, "capstan-hostile-alarm"));

    Bench(Components components, KilledProcess killed) {
        this.components = components;
        this.killed = killed;
        engine = components.engine();
    }

    /** Runs a case in a folder that is not there yet; throws if anything is not as it should be. */
    void run(HostileCase script, Setting setting, Path folder) throws Exception {
        Files.createDirectories(folder);
        var data = folder.resolve("data");
        var past = script.past();
        if (setting.resumed() && past != null) {
            killed.copy(past, data);
        }
        Outcome outcome;
        try (var origin = HostileOrigin.start(script, setting)) {
            var store = components.store(data);
            try (var ingest = store.ingest(new IngestRequest(KilledProcess.SOURCE, null))) {
                if (setting.resumed() && past != null) {
                    assertThat(ingest.present()).as("left").isEqualTo(killed.present(past));
                }
                outcome = fetch(origin, script, setting, store, ingest, folder.resolve("out"));
                if (script.isPartKept()) {
                    assertThat(ingest.downloaded())
                            .as("kept")
                            .isEqualTo(HostileCase.B.length() / 2);
                }
                ingest.discard();
            } finally {
                Components.end(store);
            }
            var judgement = origin.judge(outcome);
            assertThat(judgement.isRight()).as(judgement.toString()).isTrue();
        }
        assertThat(strays(folder, outcome.file() == null)).as("stray files").isEmpty();
    }

    private Outcome fetch(
            HostileOrigin origin,
            HostileCase script,
            Setting setting,
            ContentStore store,
            Ingest ingest,
            Path out)
            throws Exception {
        var begun = System.nanoTime();
        List<Answer> answers = new CopyOnWriteArrayList<>();
        try {
            var plan = plan(origin, script, setting);
            var most = script.isHuge() ? LONGEST_OF_GIGABYTES : LONGEST;
            var result = await(engine.start(plan, ingest, answers::add), most);
            assertThat(result.end()).isEqualTo(End.COMPLETE);
            if (script.isMarked() && !setting.resumed()) {
                assertThat(result.lengthVerified()).as("length verified").isFalse();
            }
            var wire = new HashSet<>(result.digests());
            if (!answers.isEmpty()) {
                wire.addAll(answers.get(answers.size() - 1).digests());
            }
            var content = store.commit(ingest, new CommitRequest(promised(script), wire));
            var placed = store.place(content.digest(), out, "f.bin");
            return Outcome.success(placed.path(), since(begun));
        } catch (DownloadException e) {
            return Outcome.failure(e.errorClass(), since(begun));
        }
    }

    private static TransferPlan plan(HostileOrigin origin, HostileCase script, Setting setting) {
        return new TransferPlan(
                script.row() + (setting.tls() ? "s" : "p"),
                List.of(DirectLink.of(origin.uri())),
                false,
                script.promisedSize(),
                setting.connections(),
                0,
                null,
                Trust.OPERATOR,
                null,
                script.isDigestPromised());
    }

    private static Set<Digest> promised(HostileCase script) {
        return script.isDigestPromised() ? Set.of(Digest.sha256(HostileCase.B.sha256())) : Set.of();
    }

    private TransferResult await(Transfer transfer, Duration most)
            throws DownloadException, InterruptedException {
        var hangs = new AtomicBoolean();
        var rescue =
                alarm.schedule(
                        () -> {
                            hangs.set(true);
                            transfer.stop();
                        },
                        most.toSeconds(),
                        TimeUnit.SECONDS);
        try {
            return transfer.await();
        } finally {
            rescue.cancel(false);
            assertThat(hangs).as("it hangs").isFalse();
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Every file that has no business to be there. */
    private static List<String> strays(Path folder, boolean failed) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(file -> !file.matches("data/content/(lock|index-\\d+\\.log)"))
                    .filter(file -> failed || !file.matches("out/f\\.bin|data/" + CONTENT))
                    .toList();
        }
    }

    @Override
    public void close() {
        Components.end(engine);
        alarm.shutdownNow();
    }
}
