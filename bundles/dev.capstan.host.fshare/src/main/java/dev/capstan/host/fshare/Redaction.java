package dev.capstan.host.fshare;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * Cuts what nobody may read from texts of the service, which may repeat what it was sent (F21).
 * Safe for any thread.
 */
final class Redaction {
    private static final int KNOWN_MOST = 64;
    private static final int SHOWN_MOST = 160;
    private static final String CUT = "…";
    private static final Pattern ADDRESS = Pattern.compile("(?i)\\b[a-z][a-z0-9+.-]*://\\S+");
    private static final Pattern TAG = Pattern.compile("<[^>]*>?");

    private final Deque<String> known = new ArrayDeque<>();

    /** From now on these are cut; the oldest of very many are forgotten. */
    synchronized void know(String... secrets) {
        for (var secret : secrets) {
            if (!secret.isBlank()) {
                known.remove(secret);
                known.addLast(secret);
            }
        }
        while (known.size() > KNOWN_MOST) {
            known.removeFirst();
        }
    }

    /** A remote text as a user may see it: short, in one line, without secrets and addresses. */
    synchronized String clean(String remote) {
        var text = remote;
        for (var secret : known) {
            text = text.replace(secret, CUT);
            text = text.replace(URLEncoder.encode(secret, StandardCharsets.UTF_8), CUT);
        }
        text = ADDRESS.matcher(text).replaceAll(CUT);
        text = TAG.matcher(text).replaceAll(" ");
        text = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
        return text.length() <= SHOWN_MOST ? text : text.substring(0, SHOWN_MOST) + CUT;
    }
}
