package dev.capstan.transfer.http.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an address is (S1), and what a host that looks like an address means. */
public final class Addresses {
    // Network and prefix length: what is not to be reached from outside, by the registries of
    // special-purpose addresses.
    private static final int[][] NOT_PUBLIC = {
        {0, 0, 0, 0, 8}, // "this" network
        {10, 0, 0, 0, 8}, // private
        {100, 64, 0, 0, 10}, // carrier-grade NAT
        {127, 0, 0, 0, 8}, // loopback
        {169, 254, 0, 0, 16}, // link-local, cloud metadata among it
        {172, 16, 0, 0, 12}, // private
        {192, 0, 0, 0, 24}, // protocol assignments
        {192, 0, 2, 0, 24}, // documentation
        {192, 88, 99, 0, 24}, // 6to4 relays
        {192, 168, 0, 0, 16}, // private
        {198, 18, 0, 0, 15}, // benchmarks
        {198, 51, 100, 0, 24}, // documentation
        {203, 0, 113, 0, 24}, // documentation
        {224, 0, 0, 0, 3}, // multicast, reserved, broadcast
    };

    private Addresses() {}

    /** Whether an address is anything but an ordinary public one. */
    public static boolean isPrivate(InetAddress address) {
        return address instanceof Inet6Address
                ? isPrivate6(address.getAddress())
                : isPrivate4(address.getAddress());
    }

    /**
     * Reads a host that is written as an IPv4 address in any form that some resolver takes: {@code
     * 127.1}, {@code 2130706433}, {@code 0x7f.1}, {@code 0177.0.0.1}.
     *
     * @return null if the host is a name
     * @throws UnknownHostException if it ends like an address and is none
     */
    static @Nullable InetAddress parse4(String host) throws UnknownHostException {
        var parts = host.split("\\.", -1);
        if (!isNumber(parts[parts.length - 1])) {
            return null;
        }
        var value = 0L;
        for (var i = 0; i < parts.length; i++) {
            var part = number(parts[i]);
            var last = i == parts.length - 1;
            var most = last ? (1L << (8 * Math.max(0, 5 - parts.length))) - 1 : 255;
            if (part < 0 || part > most || parts.length > 4) {
                throw new UnknownHostException(host);
            }
            value = (value << (last ? 8 * (5 - parts.length) : 8)) | part;
        }
        return InetAddress.getByAddress(
                new byte[] {
                    (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
                });
    }

    /** Whether a host is a name, and no address in however strange a form. */
    static boolean isName(String host) {
        return host.indexOf(':') < 0 && !isNumber(host.substring(host.lastIndexOf('.') + 1));
    }

    private static boolean isNumber(String part) {
        if (part.isEmpty()) {
            return false;
        }
        var lower = part.toLowerCase(Locale.ROOT);
        return lower.chars().allMatch(c -> c >= '0' && c <= '9') || lower.matches("0x[0-9a-f]*");
    }

    /** The value of a decimal, octal or hexadecimal number; −1 for none. */
    private static long number(String part) {
        try {
            if (!isNumber(part)) {
                return -1;
            }
            if (part.length() > 1 && (part.charAt(1) == 'x' || part.charAt(1) == 'X')) {
                return part.length() == 2 ? 0 : Long.parseLong(part.substring(2), 16);
            }
            return Long.parseLong(part, part.length() > 1 && part.charAt(0) == '0' ? 8 : 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static boolean isPrivate4(byte[] address) {
        var value = toInt(address, 0);
        for (var block : NOT_PUBLIC) {
            var network = (block[0] << 24) | (block[1] << 16) | (block[2] << 8) | block[3];
            var mask = -1 << (32 - block[4]);
            if ((value & mask) == network) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPrivate6(byte[] a) {
        var high = toInt(a, 0);
        if (high == 0x0064ff9b && isZero(a, 4, 12)) {
            return isPrivate4(Arrays.copyOfRange(a, 12, 16)); // NAT64
        }
        if (high >>> 16 == 0x2002) {
            return isPrivate4(Arrays.copyOfRange(a, 2, 6)); // 6to4
        }
        if ((toInt(a, 8) & 0xfdffffff) == 0x00005efe) {
            return true; // ISATAP: an IPv4 address in disguise that nobody needs from outside
        }
        // Global unicast is 2000::/3; in it, the protocol assignments (Teredo among them) and the
        // two documentation networks are nobody's.
        return (high & 0xe0000000) != 0x20000000
                || (high & 0xfffffe00) == 0x20010000
                || high == 0x20010db8
                || (high & 0xfffff000) == 0x3fff0000;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (var i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static int toInt(byte[] bytes, int at) {
        return ((bytes[at] & 255) << 24)
                | ((bytes[at + 1] & 255) << 16)
                | ((bytes[at + 2] & 255) << 8)
                | (bytes[at + 3] & 255);
    }
}
