package dev.capstan.record;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * In which order the tracks of a record are played (E7). Equal values give equal orders everywhere,
 * so that all who listen go the same way.
 *
 * @param repeat what follows the last one
 * @param shuffle the seed of a shuffled order, or null for the record's own
 */
public record PlayOrder(Repeat repeat, @Nullable Long shuffle) {

    /** What is played again. */
    public enum Repeat {
        /** Nothing: the record ends. */
        NONE,
        /** The track that has just ended. */
        TRACK,
        /** All of them, from the first. */
        ALL
    }

    /** The record's own order, once. */
    public static final PlayOrder STRAIGHT = new PlayOrder(Repeat.NONE, null);

    /**
     * The tracks in this order.
     *
     * @param tracks how many there are
     * @return each index once
     */
    public List<Integer> of(int tracks) {
        var order = new ArrayList<Integer>(tracks);
        for (var track = 0; track < tracks; track++) {
            order.add(track);
        }
        if (shuffle != null) {
            Collections.shuffle(order, new Random(shuffle));
        }
        return List.copyOf(order);
    }

    /**
     * The track that follows one that has ended.
     *
     * @param track index of the track that has ended
     * @param tracks how many there are
     * @return its index, or empty if the record has ended
     */
    public OptionalInt after(int track, int tracks) {
        if (repeat == Repeat.TRACK) {
            return OptionalInt.of(track);
        }
        var order = of(tracks);
        var next = order.indexOf(track) + 1;
        if (next < tracks) {
            return OptionalInt.of(order.get(next));
        }
        return repeat == Repeat.ALL ? OptionalInt.of(order.get(0)) : OptionalInt.empty();
    }
}
