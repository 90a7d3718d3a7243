package dev.capstan.room.provider.document;

import java.math.BigInteger;
import java.security.spec.EdECPoint;

/**
 * Encoded points of the curve of Ed25519 (RFC 8032 section 5.1), as far as judging a public key
 * needs them: the platform takes any 32 bytes for a key and looks at the point only when it
 * verifies, and then takes points of small order too, for which anybody can make signatures. Public
 * values only, so nothing here has to take constant time.
 */
final class EdwardsPoint {
    /** Bytes of an encoded point. */
    static final int BYTES = 32;

    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger D =
            BigInteger.valueOf(-121_665).multiply(BigInteger.valueOf(121_666).modInverse(P)).mod(P);
    private static final BigInteger HALF = P.shiftRight(1);

    private EdwardsPoint() {}

    /**
     * Decodes 32 bytes: y, its lowest byte first, and whether x is odd in the topmost bit.
     *
     * @throws IllegalArgumentException with a sentence without its subject, if they stand for no
     *     point, for one of small order, or for one that is spelled otherwise
     */
    static EdECPoint decode(byte[] encoded) {
        var reversed = reversed(encoded);
        var xIsOdd = reversed[0] < 0;
        reversed[0] &= 0x7F;
        var y = new BigInteger(1, reversed);
        // x² is u / v; v is never zero (section 5.1.3).
        var yy = y.multiply(y).mod(P);
        var u = yy.subtract(BigInteger.ONE).mod(P);
        var v = D.multiply(yy).add(BigInteger.ONE).mod(P);
        if (y.compareTo(P) >= 0 || isOfSmallOrder(yy, u, v) || !isSquare(u.multiply(v))) {
            throw new IllegalArgumentException("is no public key of Ed25519");
        }
        return new EdECPoint(xIsOdd, y);
    }

    /** Encodes a point. */
    static byte[] encode(EdECPoint point) {
        var big = reversed(point.getY().toByteArray());
        var encoded = new byte[BYTES];
        // One byte more may only say that the number is positive.
        System.arraycopy(big, 0, encoded, 0, Math.min(big.length, BYTES));
        if (point.isXOdd()) {
            encoded[BYTES - 1] |= (byte) 0x80;
        }
        return encoded;
    }

    /**
     * Whether the order is 4 or 8: where y is zero it is 4, since twice that has an x of zero; and
     * where x² + y² is, it is 8, since twice that has a y of zero. With the two whose x is zero,
     * which are no squares here, these are the eight points of small order, one cyclic group.
     */
    private static boolean isOfSmallOrder(BigInteger yy, BigInteger u, BigInteger v) {
        return yy.signum() == 0 || v.multiply(yy).add(u).mod(P).signum() == 0;
    }

    /** Euler's criterion; zero is none. */
    private static boolean isSquare(BigInteger value) {
        return value.modPow(HALF, P).equals(BigInteger.ONE);
    }

    private static byte[] reversed(byte[] bytes) {
        var reversed = new byte[bytes.length];
        for (var i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
