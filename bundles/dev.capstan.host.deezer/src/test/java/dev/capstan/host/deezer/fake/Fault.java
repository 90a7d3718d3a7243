package dev.capstan.host.deezer.fake;

import org.jspecify.annotations.Nullable;

/**
 * An {@link Answer} given in place of the good one. It holds for every call of its endpoint until
 * it is narrowed or lifted; where several would hold, the one set last does. Safe for any thread.
 */
public final class Fault {
    private final Endpoint endpoint;
    private final Answer answer;
    private long id;
    private int passes;
    private int left = Integer.MAX_VALUE;
    private int hits;

    Fault(Endpoint endpoint, Answer answer) {
        this.endpoint = endpoint;
        this.answer = answer;
    }

    /**
     * Lets calls through before it begins.
     *
     * @param calls how many
     * @return this
     */
    public synchronized Fault after(int calls) {
        passes = calls;
        return this;
    }

    /**
     * Ends by itself.
     *
     * @param calls how many get it
     * @return this
     */
    public synchronized Fault times(int calls) {
        left = calls;
        return this;
    }

    /**
     * Holds for one track, album or playlist only.
     *
     * @param only its id
     * @return this
     */
    public synchronized Fault forId(long only) {
        id = only;
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
    synchronized @Nullable Answer hit(Call call) {
        if (call.endpoint() != endpoint || left == 0 || (id != 0 && call.id() != id)) {
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
