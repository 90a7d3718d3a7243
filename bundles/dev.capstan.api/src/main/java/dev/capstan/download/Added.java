package dev.capstan.download;

import org.jspecify.annotations.Nullable;

/**
 * What became of one request (Q9). Exactly one of {@code download} and {@code refusal} is there.
 *
 * @param outcome what was done
 * @param download the download that now stands for the link
 * @param refusal why nothing was added
 */
public record Added(
        Outcome outcome, @Nullable Download download, @Nullable RefusedException refusal) {

    /** What was done. */
    public enum Outcome {
        /** A new download. */
        CREATED,
        /** An active or waiting download of the same link stands for it. */
        ALREADY_ACTIVE,
        /** A completed download with the same target and unchanged bytes stands for it. */
        ALREADY_THERE,
        /** An ended download of the same link was queued again, keeping its batch and metadata. */
        REVIVED,
        /** Nothing was added. */
        REFUSED
    }

    /**
     * A request that was taken.
     *
     * @param outcome what was done
     * @param download what stands for the link
     * @return the answer
     */
    public static Added of(Outcome outcome, Download download) {
        return new Added(outcome, download, null);
    }

    /**
     * A request that was refused.
     *
     * @param refusal why
     * @return the answer
     */
    public static Added refused(RefusedException refusal) {
        return new Added(Outcome.REFUSED, null, refusal);
    }
}
