package dev.capstan.room.provider.piece;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets what is added to the queue and what is removed from it pass in the order in which it comes,
 * and never both at once: what is added may be given the very row that is being removed.
 *
 * <p>Used at the desk.
 */
final class Turnstile {
    private final Queue<Passage> waiting = new ArrayDeque<>();
    private boolean areRemovals;
    private int open;

    private record Passage(boolean isRemoval, Runnable begin) {}

    /**
     * Passes as soon as no removal is unanswered.
     *
     * @param begin asks the queue; {@link #answered} must follow
     */
    void add(Runnable begin) {
        pass(new Passage(false, begin));
    }

    /**
     * Passes as soon as nothing that is added is unanswered.
     *
     * @param begin asks the queue; {@link #answered} must follow
     */
    void remove(Runnable begin) {
        pass(new Passage(true, begin));
    }

    /** One that passed has its answer. */
    void answered() {
        open--;
        next();
    }

    private void pass(Passage one) {
        waiting.add(one);
        next();
    }

    private void next() {
        while (!waiting.isEmpty() && (open == 0 || waiting.element().isRemoval() == areRemovals)) {
            var one = waiting.remove();
            areRemovals = one.isRemoval();
            open++;
            one.begin().run();
        }
    }
}
