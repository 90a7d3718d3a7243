package dev.capstan.download.provider;

import dev.capstan.download.DownloadRequest;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a request is secret and kept with the secrets: headers, credentials out of the link, and
 * the link's password. Headers are for the link's own origin only.
 *
 * <p>The text form has one item a line:
 *
 * <pre>
 * origin https://host:8443
 * password what was given
 * header Name: value
 * </pre>
 */
record LinkSecret(String origin, Map<String, String> headers, @Nullable String password) {
    static final LinkSecret NONE = new LinkSecret("", Map.of(), null);

    private static final String ORIGIN = "origin ";
    private static final String PASSWORD = "password ";
    private static final String HEADER = "header ";

    LinkSecret {
        headers = Map.copyOf(headers);
    }

    /** What a request and its link carry. */
    static LinkSecret of(DownloadRequest request, Link link) throws RefusedException {
        var headers = new LinkedHashMap<String, String>();
        for (var header : request.headers().entrySet()) {
            if (!isFieldName(header.getKey())) {
                throw new RefusedException(
                        Reason.INVALID, "A header's name may hold letters, digits and hyphens.");
            }
            refuseControls(header.getValue(), "The value of header " + header.getKey());
            headers.put(header.getKey(), header.getValue());
        }
        var user = link.userInfo();
        if (user != null
                && headers.keySet().stream().noneMatch("Authorization"::equalsIgnoreCase)) {
            headers.put("Authorization", basic(user));
        }
        var password = request.linkPassword();
        if (password != null) {
            refuseControls(password, "The link's password");
        }
        return headers.isEmpty() && password == null
                ? NONE
                : new LinkSecret(link.origin(), headers, password);
    }

    static LinkSecret parse(String text) {
        var origin = "";
        String password = null;
        var headers = new LinkedHashMap<String, String>();
        for (var line : text.lines().toList()) {
            if (line.startsWith(ORIGIN)) {
                origin = line.substring(ORIGIN.length());
            } else if (line.startsWith(PASSWORD)) {
                password = line.substring(PASSWORD.length());
            } else if (line.startsWith(HEADER)) {
                var colon = line.indexOf(": ");
                headers.put(line.substring(HEADER.length(), colon), line.substring(colon + 2));
            }
        }
        return new LinkSecret(origin, headers, password);
    }

    String text() {
        var text = new StringBuilder(ORIGIN).append(origin).append('\n');
        if (password != null) {
            text.append(PASSWORD).append(password).append('\n');
        }
        headers.forEach((name, value) -> header(text, name, value));
        return text.toString();
    }

    /** The headers that may go with a link: all of them on the origin they were given for. */
    Map<String, String> headersFor(String linkOrigin) {
        return origin.equals(linkOrigin) ? headers : Map.of();
    }

    /** Nothing of it may end up in a message. */
    @Override
    public String toString() {
        return "LinkSecret[" + headers.size() + " headers]";
    }

    private static void header(StringBuilder text, String name, String value) {
        text.append(HEADER).append(name).append(": ").append(value).append('\n');
    }

    private static String basic(String userInfo) throws RefusedException {
        String plain;
        try {
            // A plus is a plus here, not a space.
            plain = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    Reason.INVALID,
                    "The user name or password in the link is not encoded as links are.");
        }
        refuseControls(plain, "The user name or password in the link");
        var pair = plain.indexOf(':') < 0 ? plain + ":" : plain;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static void refuseControls(String value, String what) throws RefusedException {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new RefusedException(Reason.INVALID, what + " contains a control character.");
        }
    }

    private static boolean isFieldName(String name) {
        return !name.isEmpty()
                && name.toLowerCase(Locale.ROOT)
                        .chars()
                        .allMatch(
                                c ->
                                        (c >= 'a' && c <= 'z')
                                                || (c >= '0' && c <= '9')
                                                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }
}
