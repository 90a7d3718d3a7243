package dev.capstan.content;

/**
 * Names the bytes behind a link, never an account: two links with equal keys share one transfer.
 * For direct links the id is the whole URL, and carries a mark of the credentials where there are
 * any.
 *
 * @param host id of the host that gave the key
 * @param id stable and meaningful to that host only
 */
public record SourceKey(String host, String id) {

    /**
     * Creates a key.
     *
     * @throws IllegalArgumentException if a part is empty or the host's id contains a colon
     */
    public SourceKey {
        if (host.isEmpty() || id.isEmpty() || host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("A source key needs a host id and an id");
        }
    }

    /**
     * Reads the text form.
     *
     * @param text {@code HOST:ID}
     * @return the key
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static SourceKey parse(String text) {
        var colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("A source key is written HOST:ID");
        }
        return new SourceKey(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The text form, {@code HOST:ID}. */
    @Override
    public String toString() {
        return host + ":" + id;
    }
}
