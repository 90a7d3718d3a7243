import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Runs contenders in turn, in another order in every round, so that what the machine does meanwhile
 * meets all of them. A contender that fails is told and left out of the further rounds.
 */
final class Rounds {
    interface Contender {
        Sample run() throws Exception;
    }

    interface Step {
        void run() throws Exception;
    }

    private record Entry(int rounds, boolean warmed, Contender contender) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final int rounds;
    private final Step before;

    /**
     * @param before what is done before each measurement
     */
    Rounds(int rounds, Step before) {
        this.rounds = rounds;
        this.before = before;
    }

    Rounds add(String name, Contender contender) {
        entries.put(name, new Entry(rounds, false, contender));
        return this;
    }

    /** Adds one that runs once before it counts: its host has run for long, in real life. */
    Rounds addWarmed(String name, Contender contender) {
        entries.put(name, new Entry(rounds, true, contender));
        return this;
    }

    /** Adds one that takes long and whose time is the same in each round. */
    Rounds addSlow(String name, Contender contender) {
        entries.put(name, new Entry(Math.min(rounds, 2), false, contender));
        return this;
    }

    Map<String, List<Sample>> run() throws Exception {
        var samples = new LinkedHashMap<String, List<Sample>>();
        for (var name : List.copyOf(entries.keySet())) {
            samples.put(name, new ArrayList<>());
            if (entries.get(name).warmed) {
                measure(name);
            }
        }
        var random = new Random(1);
        for (var round = 1; round <= rounds; round++) {
            var order = new ArrayList<>(entries.keySet());
            Collections.shuffle(order, random);
            for (var name : order) {
                if (round <= entries.get(name).rounds) {
                    var sample = measure(name);
                    if (sample != null) {
                        samples.get(name).add(sample);
                        say(round, name, sample);
                    }
                }
            }
        }
        samples.values().removeIf(List::isEmpty);
        return samples;
    }

    private Sample measure(String name) throws Exception {
        before.run();
        var busy = Machine.busy();
        var own = Machine.own();
        var begin = System.nanoTime();
        try {
            var sample = entries.get(name).contender.run();
            var foreign = (Machine.busy() - busy) - (Machine.own() - own);
            return sample.withForeign(Math.max(0, foreign / ((System.nanoTime() - begin) / 1e9)));
        } catch (java.io.IOException e) {
            System.err.println("benchmarks: without " + name + ": " + e.getMessage());
            entries.remove(name);
            return null;
        }
    }

    private static void say(int round, String name, Sample sample) {
        System.err.printf(
                Locale.ROOT,
                "  round %d  %-34s %7.3f s  %6.2f CPU s  %5.0f MiB  %s%n",
                round,
                name,
                sample.wall(),
                sample.cpu(),
                sample.peak(),
                sample.more().isEmpty() ? "" : sample.more());
    }
}
