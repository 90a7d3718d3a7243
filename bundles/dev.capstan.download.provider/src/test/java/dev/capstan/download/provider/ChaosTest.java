package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadChange;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.event.Topics;
import dev.capstan.transfer.spi.TransferResult.End;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Everything at once, by chance: whatever happens, every move is legal and every file is whole. */
class ChaosTest extends HouseTest {
    private static final int FILES = 12;
    private static final int SIZE = 40_000;
    private static final int DEEDS = 400;

    private final AtomicBoolean calm = new AtomicBoolean();

    @RepeatedTest(5)
    void whateverIsDoneWhenEveryMoveIsLegalAndEveryFileIsWhole(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var names = House.names("f", FILES);
        for (var name : names) {
            house.engine.serve(name, House.body(name, SIZE));
            for (var i = 0; i < DEEDS; i++) {
                house.engine.on(name, this::fly);
            }
        }
        var ids = names.stream().map(name -> house.add("acme://" + name)).toList();
        for (var i = 0; i < DEEDS; i++) {
            deed(random, ids);
        }

        calm.set(true);
        if (house.downloads.list().stream().noneMatch(host -> host.present())) {
            house.hostComes();
        }
        house.downloads.removeEngine(house.engine);
        house.engineComes();
        Await.until(() -> settle(ids));
        for (var i = 0; i < FILES; i++) {
            house.assertPlaced(ids.get(i), House.body(names.get(i), SIZE));
        }
        Await.until(() -> house.downloads.list().get(0).active() == 0);
        Await.until(() -> house.contents.usage().stagingBytes() == 0);
        assertEveryMoveIsLegal();
    }

    /** Lets all go on that a deed stopped; tells whether all are complete. */
    private boolean settle(List<String> ids) {
        house.clock.advance(Duration.ofMinutes(2));
        for (var id : ids) {
            var state = house.get(id).state();
            if (state == DownloadState.PAUSED) {
                house.downloads.command(id, Command.RESUME);
            } else if (state == DownloadState.FAILED || state == DownloadState.CANCELLED) {
                house.downloads.command(id, Command.RETRY);
            }
        }
        return ids.stream().allMatch(id -> house.get(id).state() == DownloadState.COMPLETED);
    }

    private End fly(ScriptedEngine.Leg leg) throws DownloadException, InterruptedException {
        leg.answer();
        var there = leg.ingest().downloaded();
        while (there < SIZE) {
            there = Math.min(SIZE, there + 1_000);
            leg.moveUpTo(there);
            if (leg.isStopped()) {
                return End.STOPPED;
            }
            if (!calm.get() && there % 7_000 == 0) {
                throw new DownloadException(ErrorClass.NETWORK, "Reset.");
            }
        }
        return End.COMPLETE;
    }

    private void deed(Random random, List<String> ids) {
        var id = ids.get(random.nextInt(ids.size()));
        switch (random.nextInt(12)) {
            case 0, 1 -> house.downloads.command(id, Command.PAUSE);
            case 2, 3 -> house.downloads.command(id, Command.RESUME);
            case 4 -> house.downloads.command(id, Command.CANCEL);
            case 5, 6 -> house.downloads.command(id, Command.RETRY);
            case 7 -> {
                house.hostGoes();
                house.hostComes();
            }
            case 8 -> {
                house.engineGoes();
                house.engineComes();
            }
            case 9 -> house.configure(1 + random.nextInt(6));
            case 10 ->
                    house.downloads.change(
                            id, new DownloadChange(random.nextInt(5), null, null, null, null));
            default -> house.clock.advance(Duration.ofSeconds(random.nextInt(90)));
        }
        if (random.nextInt(4) == 0) {
            // Let something happen before the next one.
            var paused = house.downloads.command(id, Command.PAUSE);
            Await.until(paused::isDone);
        }
        if (random.nextInt(100) == 0) {
            house.restart();
        }
    }

    private void assertEveryMoveIsLegal() {
        var states = new HashMap<String, DownloadState>();
        Await.until(
                () ->
                        house.events.downloads(Topics.DOWNLOAD_STATE).stream()
                                        .filter(told -> told.state() == DownloadState.COMPLETED)
                                        .map(Download::id)
                                        .distinct()
                                        .count()
                                == FILES);
        for (var told : house.events.downloads(Topics.DOWNLOAD_STATE)) {
            var before = states.put(told.id(), told.state());
            // A restart makes QUEUED of what ran, and tells nobody (Q2).
            var restarted = before != null && before.isActive();
            if (before != null && before != told.state() && !restarted) {
                assertThat(before.canMoveTo(told.state()))
                        .as("%s: %s to %s", told.id(), before, told.state())
                        .isTrue();
            }
        }
    }
}
