package dev.capstan.host.direct;

import java.math.BigInteger;
import java.net.IDN;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The one form of a host's name or address in a link. */
final class HostName {
    private static final int MAX_LENGTH = 253;
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.|$))+(?<!\\.)");

    /** A name that ends so is an address, or wrong. */
    private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]*|[0-9]+");

    /**
     * Letters that the older rules for international names, which Java follows, turn into others,
     * and so into another host than a browser goes to.
     */
    private static final Pattern DEVIATING = Pattern.compile("[ßẞς\u200C\u200D]");

    private HostName() {}

    /**
     * Lower-case ASCII; a number in any form that programs take for an IPv4 address is that
     * address, so that whoever guards addresses sees it.
     *
     * @throws IllegalArgumentException if it is no host
     */
    static String canonical(String host) {
        if (host.startsWith("[")) {
            return matching(IPV6, host.toLowerCase(Locale.ROOT));
        }
        if (DEVIATING.matcher(host).find()) {
            throw new IllegalArgumentException();
        }
        var ascii = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        var name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException();
        }
        var last = name.substring(name.lastIndexOf('.') + 1);
        return NUMBER.matcher(last).matches() ? ipv4(name.split("\\.", -1)) : matching(NAME, name);
    }

    private static String matching(Pattern pattern, String host) {
        if (!pattern.matcher(host).matches()) {
            throw new IllegalArgumentException();
        }
        return host;
    }

    /** One to four numbers, of which the last fills all bytes that are left. */
    private static String ipv4(String[] parts) {
        if (parts.length > 4) {
            throw new IllegalArgumentException();
        }
        var bytes = new int[4];
        var last = parts.length - 1;
        for (var i = 0; i < last; i++) {
            bytes[i] = number(parts[i], 1).intValue();
        }
        var rest = number(parts[last], 4 - last);
        for (var i = 3; i >= last; i--, rest = rest.shiftRight(8)) {
            bytes[i] = rest.intValue() & 0xFF;
        }
        return Arrays.stream(bytes).mapToObj(Integer::toString).collect(Collectors.joining("."));
    }

    private static BigInteger number(String text, int bytes) {
        matching(NUMBER, text);
        BigInteger number;
        if (text.startsWith("0x")) {
            number = new BigInteger("0" + text.substring(2), 16);
        } else {
            number = new BigInteger(text, text.startsWith("0") ? 8 : 10);
        }
        if (number.bitLength() > 8 * bytes) {
            throw new IllegalArgumentException();
        }
        return number;
    }
}
