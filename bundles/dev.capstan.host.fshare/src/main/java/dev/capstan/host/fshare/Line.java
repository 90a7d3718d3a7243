package dev.capstan.host.fshare;

import dev.capstan.net.spi.OutboundHttp;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * How one caller reaches the service.
 *
 * @param clients gives a client for one request, so that no cookie but the session's own is sent
 * @param deadline when the caller has no time left
 */
record Line(Supplier<OutboundHttp.Client> clients, Instant deadline) {}
