package dev.capstan.net.spi;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of a plug-in's own.
 *
 * @param method {@code GET}, {@code POST} …
 * @param uri http or https
 * @param headers request fields; the client adds what framing needs
 * @param body the bytes to send, or null
 * @param maxAnswer most bytes of body that are read; a longer one fails with PROTOCOL
 */
public record OutboundRequest(
        String method,
        URI uri,
        Map<String, String> headers,
        byte @Nullable [] body,
        int maxAnswer) {

    /** Most bytes of an answer where nothing is said: 1 MiB. */
    public static final int DEFAULT_MAX_ANSWER = 1 << 20;

    /** Creates a request; headers are copied. */
    public OutboundRequest {
        headers = Map.copyOf(headers);
    }

    /**
     * A GET without special headers.
     *
     * @param uri http or https
     * @return the request
     */
    public static OutboundRequest get(URI uri) {
        return new OutboundRequest("GET", uri, Map.of(), null, DEFAULT_MAX_ANSWER);
    }

    /**
     * A HEAD: what is known of the body, without the body.
     *
     * @param uri http or https
     * @return the request
     */
    public static OutboundRequest head(URI uri) {
        return new OutboundRequest("HEAD", uri, Map.of(), null, 0);
    }

    /**
     * A POST of a body.
     *
     * @param uri http or https
     * @param contentType the body's media type
     * @param body the bytes
     * @return the request
     */
    public static OutboundRequest post(URI uri, String contentType, byte[] body) {
        return new OutboundRequest(
                "POST", uri, Map.of("Content-Type", contentType), body, DEFAULT_MAX_ANSWER);
    }

    /**
     * The same request with another bound for the answer.
     *
     * @param bytes most bytes of body that are read
     * @return a copy
     */
    public OutboundRequest withMaxAnswer(int bytes) {
        return new OutboundRequest(method, uri, headers, body, bytes);
    }

    /**
     * The same request with one more field.
     *
     * @param name field name
     * @param value field value
     * @return a copy
     */
    public OutboundRequest with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new OutboundRequest(method, uri, more, body, maxAnswer);
    }
}
