package dev.capstan.host.fshare.fake;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Answer} given in place of the good one. It holds for every call of its endpoint until
 * it is narrowed or lifted; where several would hold, the one set last does. Safe for any thread.
 */
public final class Fault {
    private final Endpoint endpoint;
    private final Answer answer;
    private @Nullable String code;
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
     * Holds for one file or folder only.
     *
     * @param only its code
     * @return this
     */
    public synchronized Fault forCode(String only) {
        code = only.toUpperCase(Locale.ROOT);
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
        if (call.endpoint() != endpoint
                || left == 0
                || (code != null && call.code().filter(code::equals).isEmpty())) {
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
