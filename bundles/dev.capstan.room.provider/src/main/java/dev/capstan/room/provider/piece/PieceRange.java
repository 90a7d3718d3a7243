package dev.capstan.room.provider.piece;

/**
 * Some bytes of a piece (R13).
 *
 * @param sha256 the promised digest of all bytes as they came
 * @param from the first of them
 * @param length how many
 */
public record PieceRange(String sha256, long from, int length) {

    /**
     * Creates it.
     *
     * @throws IllegalArgumentException if it is none, or longer than one answer
     */
    public PieceRange {
        if (from < 0 || length <= 0 || length > MemberSource.MOST_BYTES) {
            throw new IllegalArgumentException("Not a range: " + length + " bytes from " + from);
        }
    }
}
