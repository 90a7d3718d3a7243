package dev.capstan.tck.hostile;

/**
 * What a client's outcome is worth.
 *
 * @param kind whether it is right
 * @param detail what was expected, for whoever reads a failed test
 */
public record Judgement(Kind kind, String detail) {

    /** The ways to be right or wrong, best first. */
    public enum Kind {
        /** The whole file, or one of the errors that tell what happened. */
        RIGHT,
        /** The right end, but with more requests or more bytes than it takes. */
        WASTEFUL,
        /** The right end, but something was done on the way that must not be. */
        RULE_BROKEN,
        /** A clear failure, but of a class that leads to the wrong next step. */
        WRONG_ERROR,
        /** A clear failure where the whole file could be had. */
        GAVE_UP,
        /**
         * The bytes happen to be right, but nothing in the answer said so: it had to be refused.
         */
        NOT_REFUSED,
        /** A success that is none: wrong bytes. */
        FALSE_SUCCESS
    }

    /**
     * Whether all is as it should be.
     *
     * @return true for {@link Kind#RIGHT}
     */
    public boolean isRight() {
        return kind == Kind.RIGHT;
    }
}
