package dev.capstan.net.spi;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A whole answer, read into memory.
 *
 * @param status the status code, whatever it is
 * @param headers fields by lower-case name
 * @param body the bytes, content codings undone
 * @param uri the address that answered, after redirects
 */
public record OutboundResponse(
        int status, Map<String, List<String>> headers, byte[] body, URI uri) {

    /**
     * The first value of a field.
     *
     * @param name in any case
     * @return the value, or empty
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
    }

    /**
     * The body as UTF-8.
     *
     * @return text
     */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
