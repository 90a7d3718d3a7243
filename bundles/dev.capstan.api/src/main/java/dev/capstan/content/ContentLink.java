package dev.capstan.content;

import java.net.URI;
import java.time.Instant;

/**
 * An address under which any player can read one piece of content over HTTP. Whoever has it may
 * read, so it is a secret until it expires.
 *
 * @param uri absolute, of the face that serves it
 * @param expires when it stops working; what is being read then is read to its end
 */
public record ContentLink(URI uri, Instant expires) {

    /** Without the key, so that no log and no message holds it. */
    @Override
    public String toString() {
        return "ContentLink[expires=" + expires + "]";
    }
}
