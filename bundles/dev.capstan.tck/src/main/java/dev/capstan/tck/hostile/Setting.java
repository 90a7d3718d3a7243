package dev.capstan.tck.hostile;

/**
 * The circumstances of a run.
 *
 * @param tls whether the origin speaks https
 * @param resumed whether the client begins with the case's {@link HostileCase#past}; the origin
 *     then leaves out the answer that a fresh client would have got it by
 * @param connections most connections of the client. With more than one the origin is slow on each,
 *     so that further ones pay, and how much the client asks for is not judged
 */
public record Setting(boolean tls, boolean resumed, int connections) {

    /** The circumstances as words. */
    @Override
    public String toString() {
        return (connections == 1 ? "1 connection" : connections + " connections")
                + (resumed ? ", resumed" : ", fresh")
                + (tls ? ", TLS" : ", plain");
    }
}
