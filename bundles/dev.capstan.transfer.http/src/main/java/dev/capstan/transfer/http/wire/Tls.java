package dev.capstan.transfer.http.wire;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;

/** The certificates this machine trusts. */
public final class Tls {
    private Tls() {}

    /** The default context of the runtime, loaded when it is first asked for. */
    public static SSLContext system() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime has no TLS", e);
        }
    }
}
