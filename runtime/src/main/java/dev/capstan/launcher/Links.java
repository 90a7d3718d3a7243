package dev.capstan.launcher;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The links of a command, seen from far: enough to tell which features none of them needs, so that
 * a download of a plain link starts nothing else.
 */
final class Links {

    private static final Pattern LINK =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#]*))?.*", Pattern.DOTALL);

    /** What some hosts take without a scheme, such as {@code track_5}. */
    private static final Pattern SHORTHAND = Pattern.compile("[a-z]+_[0-9].*", Pattern.DOTALL);

    /** Links of other schemes belong to hosts that only a feature can have. */
    private static final Set<String> PLAIN = Set.of("http", "https", "file");

    private final List<String> command;
    private final boolean unseen;

    /**
     * Looks at a command.
     *
     * @param elsewhere options by which a command reads links from somewhere else
     */
    Links(List<String> command, Collection<String> elsewhere) {
        this.command = command;
        unseen = command.stream().anyMatch(word -> elsewhere.stream().anyMatch(word::startsWith));
    }

    /**
     * Whether a feature may be needed.
     *
     * @param hosts the names of its links; none for a feature that is not for certain links
     */
    boolean mayNeed(Collection<String> hosts) {
        return unseen || hosts.isEmpty() || command.stream().anyMatch(word -> isOf(word, hosts));
    }

    private static boolean isOf(String word, Collection<String> hosts) {
        var link = LINK.matcher(word);
        if (!link.matches()) {
            return SHORTHAND.matcher(word).matches();
        }
        var authority = link.group(2);
        return !PLAIN.contains(link.group(1).toLowerCase(Locale.ROOT))
                || (authority != null && hosts.contains(host(authority)));
    }

    private static String host(String authority) {
        var host = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return host.replaceFirst(":[0-9]*$", "").replaceFirst("\\.$", "");
    }
}
