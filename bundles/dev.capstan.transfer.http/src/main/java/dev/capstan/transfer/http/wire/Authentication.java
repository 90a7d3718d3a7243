package dev.capstan.transfer.http.wire;

import dev.capstan.transfer.http.field.Head;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How requests prove to one origin who sends them: by Digest where the origin offers it, else by
 * Basic, which shows the password to whoever can read along and so waits on plain http until it is
 * asked for. It belongs to the requests of one origin and is lost with a redirect to another.
 *
 * <p>Safe for any number of threads: the connections of a transfer share what one has learned.
 */
final class Authentication {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Login login;
    private boolean basic;
    private @Nullable DigestOffer digest;
    private int count;

    /**
     * With a login.
     *
     * @param basic whether Basic may be sent before it is asked for
     */
    Authentication(Login login, boolean basic) {
        this.login = login;
        this.basic = basic;
    }

    /** The value of the Authorization field for a request, or null while it is to go without. */
    synchronized @Nullable String authorize(String method, String path) {
        if (digest == null) {
            return basic ? login.basic() : null;
        }
        var own = new byte[16];
        RANDOM.nextBytes(own);
        return digest.answer(login, method, path, ++count, HexFormat.of().formatHex(own));
    }

    /**
     * Learns from an answer of status 401.
     *
     * @param sent the field that did not suffice, or null
     * @return whether the request should be sent once more
     */
    synchronized boolean learn(Head head, @Nullable String sent) {
        var challenges = Challenge.parse(head.all("www-authenticate"));
        var offer =
                challenges.stream()
                        .map(DigestOffer::of)
                        .filter(Objects::nonNull)
                        .min(Comparator.comparingInt(DigestOffer::rank))
                        .orElse(null);
        if (offer != null) {
            var refused = digest != null && sent != null && sent.contains(digest.nonce());
            if (refused && !offer.stale()) {
                return false;
            }
            digest = offer;
            count = 0;
            return true;
        }
        // Who took a digest before and now wants the password itself shall not have it.
        basic |= challenges.stream().anyMatch(each -> each.scheme().equals("basic"));
        return basic && sent == null && digest == null;
    }
}
