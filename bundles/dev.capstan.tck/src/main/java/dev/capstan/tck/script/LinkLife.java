package dev.capstan.tck.script;

/**
 * How long a direct link works.
 *
 * @param untilByte the first byte it does not give: an answer that comes there is cut, and the link
 *     is dead from then on
 * @param requests how many requests it answers
 * @param status how it refuses afterwards
 */
public record LinkLife(long untilByte, int requests, int status) {

    /**
     * A link that always works.
     *
     * @return the life
     */
    public static LinkLife forever() {
        return new LinkLife(Long.MAX_VALUE, Integer.MAX_VALUE, 403);
    }

    /**
     * A link that dies on the way.
     *
     * @param position the first byte it does not give
     * @return the life
     */
    public static LinkLife untilByte(long position) {
        return new LinkLife(position, Integer.MAX_VALUE, 403);
    }

    /**
     * A link that answers some requests.
     *
     * @param most how many; 0 for a link that never worked
     * @return the life
     */
    public static LinkLife forRequests(int most) {
        return new LinkLife(Long.MAX_VALUE, most, 403);
    }

    /**
     * The same life with another end.
     *
     * @param refusal for example 410
     * @return a copy
     */
    public LinkLife then(int refusal) {
        return new LinkLife(untilByte, requests, refusal);
    }
}
