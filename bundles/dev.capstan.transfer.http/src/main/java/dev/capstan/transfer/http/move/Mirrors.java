package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The sources of one file that serve, and which of them the next connection goes to: more to the
 * faster ones, as their measured speeds stand to each other. Used by the coordinator only.
 */
final class Mirrors {
    private static final int MOST = 32;

    /** A source as the coordinator sees it. */
    private static final class Mirror {
        final Source source;
        int most = Integer.MAX_VALUE;
        int passes;
        double pace = Double.POSITIVE_INFINITY;

        Mirror(Source source) {
            this.source = source;
        }
    }

    private final Course course;
    private final Crew crew;
    private final List<Mirror> serving = new ArrayList<>();

    Mirrors(Course course, Crew crew) {
        this.course = course;
        this.crew = crew;
    }

    /** One more; an address that is there already is not counted twice. */
    void add(Source source) {
        var known = serving.stream().anyMatch(mirror -> mirror.source.isSameAs(source));
        if (!known && serving.size() < MOST) {
            serving.add(new Mirror(source));
        }
        if (serving.size() == 1) {
            lead();
        }
    }

    /** Learns how fast each is. */
    void sample() {
        for (var mirror : serving) {
            var connections = crew.at(mirror.source);
            if (connections > 0) {
                mirror.pace = crew.speed(mirror.source) / connections;
            }
        }
    }

    /** Those that may have one more connection, whoever deserves it most first. */
    List<Source> candidates() {
        return serving.stream()
                .filter(mirror -> crew.at(mirror.source) < mirror.most)
                .sorted(Comparator.comparingDouble(this::claim).reversed())
                .map(mirror -> mirror.source)
                .toList();
    }

    /** The speed of each of its connections if they had to share what they have with one more. */
    private double claim(Mirror mirror) {
        var connections = crew.at(mirror.source);
        if (connections > 0 && Double.isInfinite(mirror.pace)) {
            // One is enough to learn how fast it is.
            return 0;
        }
        return mirror.pace * Math.max(1, connections) / (connections + 1);
    }

    /** A source takes no more connections than it has; one that has none is dropped. */
    void refused(Source source) {
        var connections = crew.at(source);
        if (connections == 0) {
            drop(source);
        }
        of(source).forEach(mirror -> mirror.most = connections);
    }

    /**
     * Goes on without a source; another one leads if it did.
     *
     * @return false if it is the only one, which then stays
     */
    boolean drop(Source source) {
        if (!hasOthers(source)) {
            return false;
        }
        serving.removeIf(mirror -> mirror.source == source);
        crew.dismiss(source);
        if (course.isLedBy(source)) {
            lead();
        }
        return true;
    }

    /** Lets another source try that did not fail as often; false if there is none. */
    boolean pass(Source source) {
        var of = of(source);
        of.forEach(mirror -> mirror.passes++);
        lead();
        return !course.isLedBy(source) && !of.isEmpty();
    }

    boolean hasOthers(Source source) {
        return serving.stream().anyMatch(mirror -> mirror.source != source);
    }

    /** Those that these bytes came from in this run. */
    List<Source> bringersOf(Range range) {
        return serving.stream()
                .map(mirror -> mirror.source)
                .filter(source -> source.hasBrought(range.from(), range.to()))
                .toList();
    }

    private void lead() {
        serving.stream()
                .min(
                        Comparator.<Mirror>comparingInt(mirror -> mirror.passes)
                                .thenComparing(mirror -> !course.isProven(mirror.source)))
                .ifPresent(mirror -> course.lead(mirror.source));
    }

    private List<Mirror> of(Source source) {
        return serving.stream().filter(mirror -> mirror.source == source).toList();
    }
}
