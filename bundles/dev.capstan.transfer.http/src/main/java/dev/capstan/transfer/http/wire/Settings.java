package dev.capstan.transfer.http.wire;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says, ready for use.
 *
 * @param connect for DNS, TCP and TLS together
 * @param header from the request to the end of the answer's head
 * @param idle between two pieces of a body
 * @param leastSpeed bytes a second below which a connection is given up
 * @param leastSpeedWindow how long it may be that slow
 * @param attempts in a row without progress
 * @param backoff the wait after the second of them; it doubles from there
 * @param redirects most for one request
 * @param connections most for one transfer
 * @param connectionsPerHost most for one host before further ones are withheld
 * @param bytesPerSecond most for all transfers, 0 for no limit
 * @param privateNetworks whether private addresses are open to everybody
 * @param privateHosts host names and addresses that may be private
 * @param downgrade whether a redirect may lead from https to http
 * @param userAgent sent where a link says nothing else
 * @param proxies which lead to the targets
 * @param certificates SHA-256 of the only certificates some hosts are trusted by, by host
 * @param netrc names and passwords for hosts, or null
 */
public record Settings(
        Duration connect,
        Duration header,
        Duration idle,
        long leastSpeed,
        Duration leastSpeedWindow,
        int attempts,
        Duration backoff,
        int redirects,
        int connections,
        int connectionsPerHost,
        long bytesPerSecond,
        boolean privateNetworks,
        Set<String> privateHosts,
        boolean downgrade,
        String userAgent,
        Proxies proxies,
        Map<String, Set<String>> certificates,
        @Nullable Path netrc) {}
