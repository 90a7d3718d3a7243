package dev.capstan.itest.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import dev.capstan.itest.Control.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

/** A packaged host that runs for many tests, and what they want of it. */
final class WarmHost implements AutoCloseable {
    /** More than the heads of answers take that a gate counts, too. */
    private static final int HEADS = 2000;

    private final Capstan capstan;
    private final Control control;
    private Capstan.Running running;

    private WarmHost(Capstan capstan) throws IOException, InterruptedException {
        this.capstan = capstan;
        control = new Control(capstan.data(), capstan.folder());
        running = capstan.startHost();
    }

    static WarmHost start(Path root) throws IOException, InterruptedException {
        return new WarmHost(new Capstan(root));
    }

    /** Adds a link and gives the download's id. */
    String add(String... words) throws IOException {
        return control.add(words);
    }

    void resume(String id) throws IOException {
        control.done("resume", id);
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        running.kill();
    }

    void startAgain() throws IOException, InterruptedException {
        running = capstan.startHost();
    }

    /** Waits until all that a shut gate lets pass is there, and tells how much that is. */
    long awaitAllBefore(Gate gate, String id) throws InterruptedException {
        var there = new AtomicReference<Row>();
        Capstan.await(
                "all that may pass",
                () -> {
                    there.set(show(id));
                    return gate.isShut() && there.get().downloaded() > gate.passed() - HEADS;
                });
        return there.get().downloaded();
    }

    /** Pauses at the moment when no more can come, and tells how much is there. */
    long pauseBefore(Gate gate, String id) throws IOException, InterruptedException {
        awaitAllBefore(gate, id);
        control.done("pause", id);
        return show(id).downloaded();
    }

    /** Waits for the end. */
    Row ended(String id) throws InterruptedException {
        Capstan.await("the end of it", () -> show(id).isEnded());
        return show(id);
    }

    /** Waits for a good end, and gives what came of it. */
    Path fileOf(String id) throws InterruptedException {
        var row = ended(id);
        assertThat(row.state()).as(row.json()).isEqualTo("COMPLETED");
        return Path.of(row.path());
    }

    @Override
    public void close() throws InterruptedException {
        assertThat(running.terminate().exit()).isZero();
    }

    private Row show(String id) {
        try {
            return control.show(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
