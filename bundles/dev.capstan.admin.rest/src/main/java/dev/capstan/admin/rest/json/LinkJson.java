package dev.capstan.admin.rest.json;

import dev.capstan.content.ContentLink;
import jakarta.json.JsonObject;

/** A link for players as JSON. */
public final class LinkJson {
    private LinkJson() {}

    /** Where it is on this server, and until when. */
    public static JsonObject of(ContentLink link) {
        return new Fields()
                .put("url", link.uri().getRawPath())
                .put("expires", link.expires())
                .object();
    }
}
