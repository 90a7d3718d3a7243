package dev.capstan.tck.script;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An answer given in place of the good one. It holds until it is narrowed or lifted; where several
 * would hold, the one set last does. Safe for any thread.
 *
 * @param <C> a call
 * @param <A> an answer
 */
public final class Fault<C, A> {
    private final A answer;
    private Predicate<C> calls;
    private int passes;
    private int left = Integer.MAX_VALUE;
    private int hits;

    Fault(Predicate<C> calls, A answer) {
        this.calls = calls;
        this.answer = answer;
    }

    /**
     * Holds for fewer calls.
     *
     * @param narrower which of them still get it
     * @return this
     */
    public synchronized Fault<C, A> when(Predicate<C> narrower) {
        calls = calls.and(narrower);
        return this;
    }

    /**
     * Lets calls through before it begins.
     *
     * @param number how many
     * @return this
     */
    public synchronized Fault<C, A> after(int number) {
        passes = number;
        return this;
    }

    /**
     * Ends by itself.
     *
     * @param number how many calls get it
     * @return this
     */
    public synchronized Fault<C, A> times(int number) {
        left = number;
        return this;
    }

    /** Ends it. */
    public synchronized void lift() {
        left = 0;
    }

    /**
     * How many calls got it.
     *
     * @return calls
     */
    public synchronized int hits() {
        return hits;
    }

    /** The answer for a call, or null where the fault does not hold. */
    synchronized @Nullable A hit(C call) {
        if (left == 0 || !calls.test(call)) {
            return null;
        }
        if (passes > 0) {
            passes--;
            return null;
        }
        left--;
        hits++;
        return answer;
    }
}
