package dev.capstan.transfer.http.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that are reached without a proxy: names, which stand for what is below them too, addresses,
 * and networks such as {@code 10.0.0.0/8}, parted by commas or spaces; {@code *} for all. This
 * machine itself is always among them, since no proxy's own loopback is ever meant.
 */
final class NoProxy {
    private record Network(byte[] address, int bits) {
        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (var bit = 0; bit < bits; bit += 8) {
                var mask = 0xff << Math.max(0, 8 - (bits - bit));
                if (((address[bit / 8] ^ other[bit / 8]) & mask & 0xff) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private final boolean all;
    private final Set<String> names = new HashSet<>(Set.of("localhost"));
    private final List<Network> networks = new ArrayList<>();

    NoProxy(String list) {
        var entries = List.of(list.toLowerCase(Locale.ROOT).strip().split("[,\\s]+"));
        all = entries.contains("*");
        add("127.0.0.0/8");
        add("::1");
        entries.forEach(this::add);
    }

    /** Whether a host is one of them. It is taken as it is written: nothing is looked up. */
    boolean matches(String host) {
        if (all) {
            return true;
        }
        var address = address(host);
        if (address != null) {
            return networks.stream().anyMatch(network -> network.holds(address));
        }
        for (var name = host; !name.isEmpty(); name = name.substring(name.indexOf('.') + 1)) {
            if (names.contains(name)) {
                return true;
            }
            if (name.indexOf('.') < 0) {
                break;
            }
        }
        return false;
    }

    private void add(String entry) {
        var parts = entry.split("/", 2);
        var address = address(parts[0].replaceAll("[\\[\\]]", ""));
        if (address == null) {
            names.add(parts[0].replaceAll("^\\*?\\.|\\.$", ""));
            return;
        }
        var most = address.length * 8;
        if (parts.length == 1) {
            networks.add(new Network(address, most));
        } else if (parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= most) {
            networks.add(new Network(address, Integer.parseInt(parts[1])));
        }
    }

    /** The bytes of a host that is an address; null for a name. */
    private static byte @Nullable [] address(String host) {
        try {
            if (host.indexOf(':') >= 0) {
                return InetAddress.getByName("[" + host + "]").getAddress();
            }
            var address = Addresses.parse4(host);
            return address == null ? null : address.getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
