package dev.capstan.transfer.http;

import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.tck.Origin;
import dev.capstan.transfer.http.wire.Addresses;
import dev.capstan.transfer.http.wire.Proxies;
import dev.capstan.transfer.http.wire.Settings;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The engine's own client for requests, guard and all, in a small world: names that end in {@code
 * .public} are public hosts on this machine.
 */
public final class GuardedHttp implements AutoCloseable {
    private final HttpTransferEngine engine =
            new HttpTransferEngine(
                    new Settings(
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(30),
                            1,
                            Duration.ofSeconds(60),
                            4,
                            Duration.ofMillis(10),
                            10,
                            8,
                            16,
                            0,
                            false,
                            Set.of(),
                            false,
                            "Capstan-test",
                            Proxies.NONE,
                            Map.of(),
                            null),
                    name ->
                            name.endsWith(".public")
                                    ? new InetAddress[] {
                                        InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1})
                                    }
                                    : InetAddress.getAllByName(name),
                    address ->
                            // As text it has its name without a look-up.
                            !address.toString().contains(".public/")
                                    && Addresses.isPrivate(address),
                    Origin.clientContext());

    /** The client of all. */
    public OutboundHttp http() {
        return engine;
    }

    @Override
    public void close() {
        engine.deactivate();
    }
}
