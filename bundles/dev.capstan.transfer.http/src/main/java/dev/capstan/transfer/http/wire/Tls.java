package dev.capstan.transfer.http.wire;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS as a client (policy 12). Every peer is verified: by the authorities this machine trusts and
 * by its name, or, for hosts that are listed, by the fingerprint of their certificate and by
 * nothing else. Safe for any number of threads.
 */
public final class Tls {
    private static final String QUICK = "TLS_AES_128_GCM_SHA256";

    private final Supplier<SSLContext> ordinary;
    private final Map<Set<String>, SSLContext> exceptions = new ConcurrentHashMap<>();

    /**
     * TLS with the trust of a context.
     *
     * @param ordinary asked when the first https link comes
     */
    Tls(Supplier<SSLContext> ordinary) {
        this.ordinary = ordinary;
    }

    /** The default context of the runtime. */
    public static SSLContext system() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime has no TLS", e);
        }
    }

    /**
     * Shakes hands over a connected socket.
     *
     * @throws IOException if it fails or the peer is not who it should be
     */
    SSLSocket handshake(Route route, Socket beneath) throws IOException {
        var target = route.target();
        var fingerprints = route.certificates();
        var context =
                fingerprints == null
                        ? ordinary.get()
                        // One for each list, so that no session outlives a change of the list.
                        : exceptions.computeIfAbsent(fingerprints, Tls::trusting);
        var socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(beneath, target.host(), target.port(), true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setCipherSuites(quickFirst(parameters.getCipherSuites()));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /**
     * A server that takes the client's order takes the first. The shorter key costs ten rounds for
     * each block in place of fourteen, and is as far beyond breaking.
     */
    private static String[] quickFirst(String[] enabled) {
        return Stream.of(enabled)
                .sorted(Comparator.comparing(suite -> !suite.equals(QUICK)))
                .toArray(String[]::new);
    }

    private static SSLContext trusting(Set<String> fingerprints) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Listed(fingerprints)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no TLS", e);
        }
    }

    /** Trusts servers whose own certificate is listed, whatever it says of itself. */
    private static final class Listed extends X509ExtendedTrustManager {
        private final Set<String> fingerprints;

        Listed(Set<String> fingerprints) {
            this.fingerprints = fingerprints;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            try {
                var digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                if (!fingerprints.contains(HexFormat.of().formatHex(digest))) {
                    throw new CertificateException("Not the certificate that is listed");
                }
            } catch (NoSuchAlgorithmException e) {
                throw new CertificateException(e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("There are no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
