package dev.capstan.tck.hostile;

import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.RangeSet;

/** What a client that goes on has of {@link HostileCase#B} already, and knows of it. */
public enum Past {
    /** The first half, under a strong entity tag. */
    HALF(half(), Scripts.N, tag("\"v1\"")),
    /** The first half, under a weak entity tag. */
    HALF_WEAK(half(), Scripts.N, tag("W/\"1\"")),
    /** The first half, under a date of long before. */
    HALF_DATED(half(), Scripts.N, new Validator(null, Scripts.LONG_AGO, true, null)),
    /** The first half, without anything that names its version. */
    HALF_UNPROVEN(half(), Scripts.N, Validator.NONE),
    /** Two runs with a hole between them and one behind, under a strong entity tag. */
    ISLANDS(
            RangeSet.EMPTY.plus(0, Scripts.N / 4).plus(Scripts.N / 2, Scripts.N * 3 / 4),
            Scripts.N,
            tag("\"v1\"")),
    /** Every byte, under a strong entity tag; but nobody said that there are no more. */
    ALL(RangeSet.EMPTY.plus(0, Scripts.N), -1, tag("\"v1\""));

    private final RangeSet present;
    private final Identity identity;

    Past(RangeSet present, long length, Validator validator) {
        this.present = present;
        identity = new Identity(length, validator, "application/octet-stream");
    }

    /**
     * The bytes that are there, each as in {@link HostileCase#B}.
     *
     * @return never empty
     */
    public RangeSet present() {
        return present;
    }

    /**
     * What is known of the whole.
     *
     * @return as the first answer said it
     */
    public Identity identity() {
        return identity;
    }

    private static RangeSet half() {
        return RangeSet.EMPTY.plus(0, Scripts.N / 2);
    }

    private static Validator tag(String etag) {
        return new Validator(etag, null, false, null);
    }
}
