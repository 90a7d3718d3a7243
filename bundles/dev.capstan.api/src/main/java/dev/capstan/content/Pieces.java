package dev.capstan.content;

import java.util.List;

/**
 * Digests of the pieces of a file, so that a damaged one is found and fetched again alone. All
 * pieces have the same length but the last, which may be shorter.
 *
 * @param length bytes of a piece
 * @param digests one for each piece, in order
 */
public record Pieces(long length, List<Digest> digests) {

    /**
     * Creates pieces; digests are copied.
     *
     * @throws IllegalArgumentException if the length is not positive or there is no piece
     */
    public Pieces {
        digests = List.copyOf(digests);
        if (length < 1 || digests.isEmpty()) {
            throw new IllegalArgumentException("Pieces have a length and digests");
        }
    }

    /**
     * Tells whether they are those of a file of some size.
     *
     * @param size bytes of the file
     * @return whether there is a digest for each piece, and no other
     */
    public boolean fit(long size) {
        return size > 0 && (size - 1) / length + 1 == digests.size();
    }

    /** How many and how long; the digests are many. */
    @Override
    public String toString() {
        return digests.size() + " pieces of " + length + " bytes";
    }
}
