package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.DirectLink;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/** Makes a direct link of what the service answers, if it leads where deliveries come from. */
final class Delivery {
    private static final String NOT_IN_URIS = "\"<>\\^`{|}[]";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Delivery() {}

    static DirectLink of(String location, Settings settings) throws DownloadException {
        URI uri;
        try {
            uri = new URI(encoded(location));
        } catch (URISyntaxException e) {
            // Not as the cause: its message holds the link.
            throw new DownloadException(
                    ErrorClass.HOST, "Fshare gave a link that is none; it is tried again.");
        }
        var scheme = uri.getScheme();
        var isWeb = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        var host = uri.getHost();
        if (!isWeb || host == null || uri.getRawUserInfo() != null || !settings.delivers(host)) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    "Fshare gave a link to a place that is none of its delivery hosts; nothing was"
                            + " fetched. Allow it in deliveryHosts if it is one.");
        }
        return new DirectLink(uri, Map.of(), !settings.namesDeliveryHost(host));
    }

    /** File names stand in these links as they are. */
    private static String encoded(String location) {
        var encoded = new StringBuilder();
        for (var i = 0; i < location.length(); i++) {
            var c = location.codePointAt(i);
            if (c == '%' ? isEncoded(location, i) : c > ' ' && c < 0x7f && !isForbidden(c)) {
                encoded.append((char) c);
            } else {
                for (var b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append('%').append(HEX.toHexDigits(b));
                }
                i += Character.charCount(c) - 1;
            }
        }
        return encoded.toString();
    }

    private static boolean isForbidden(int c) {
        return NOT_IN_URIS.indexOf(c) >= 0;
    }

    private static boolean isEncoded(String text, int i) {
        return i + 2 < text.length()
                && HexFormat.isHexDigit(text.charAt(i + 1))
                && HexFormat.isHexDigit(text.charAt(i + 2));
    }
}
