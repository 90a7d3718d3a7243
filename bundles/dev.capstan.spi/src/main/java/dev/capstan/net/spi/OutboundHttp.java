package dev.capstan.net.spi;

import dev.capstan.download.DownloadException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one way for plug-ins to make requests: guarded (S1), limited and timed. Not for moving files;
 * that is the transfer engine's.
 *
 * <ul>
 *   <li><b>N1</b> http and https only; every address a name resolves to is checked, and the
 *       connection goes to the checked address. A base address an operator configured may be
 *       private if {@link Policy#trustedBases} names it; a redirect from it may not.
 *   <li><b>N2</b> Redirects are followed within {@link Policy#redirectHosts} only, at most 3; a
 *       method and its body stay as they are for 301, 302, 307 and 308; https never becomes http;
 *       credentials, cookies and own headers do not leave their origin.
 *   <li><b>N3</b> Connect 10 s, whole answer 30 s or what is left of the caller's deadline.
 *   <li><b>N4</b> Cookies live in the client that was made for one plug-in, never shared.
 *   <li><b>N5</b> Failures are {@link DownloadException}s of class NETWORK, TIMEOUT, BLOCKED or
 *       PROTOCOL. A status is never a failure here.
 * </ul>
 *
 * <p>Safe for any number of threads. {@link Client#send} blocks and ends within a second of
 * interruption, closing its connection.
 */
@ProviderType
public interface OutboundHttp {

    /**
     * Makes a client with its own cookies and policy. It holds no resources of its own and needs no
     * closing.
     *
     * @param policy what it may do
     * @return a client
     */
    Client client(Policy policy);

    /**
     * What a client may do.
     *
     * @param trustedBases origins that may be private because the operator configured them
     * @param redirectHosts host names redirects may go to; empty for the host that was asked only
     * @param timeout most time for one whole answer
     */
    record Policy(Set<URI> trustedBases, Set<String> redirectHosts, Duration timeout) {

        /** Public addresses, redirects within the same host, 30 seconds. */
        public static final Policy DEFAULT = new Policy(Set.of(), Set.of(), Duration.ofSeconds(30));

        /** Creates a policy; sets are copied. */
        public Policy {
            trustedBases = Set.copyOf(trustedBases);
            redirectHosts = Set.copyOf(redirectHosts);
        }
    }

    /** Sends requests under one policy. */
    @ProviderType
    interface Client {

        /**
         * Sends a request and reads the whole answer.
         *
         * @param request what to send
         * @return the answer, whatever its status
         * @throws DownloadException as N5 tells
         * @throws InterruptedException if the thread was interrupted
         */
        OutboundResponse send(OutboundRequest request)
                throws DownloadException, InterruptedException;
    }
}
