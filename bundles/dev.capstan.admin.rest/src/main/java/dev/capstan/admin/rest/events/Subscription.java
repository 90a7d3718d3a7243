package dev.capstan.admin.rest.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.admin.rest.http.Body;
import dev.capstan.admin.rest.http.ProblemException;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for.
 *
 * @param ids the downloads it wants to hear of, null for all
 * @param since the revision it has, if it was here before
 */
record Subscription(@Nullable Set<String> ids, OptionalLong since) {

    /** Of a client that says nothing. */
    static final Subscription ALL = new Subscription(null, OptionalLong.empty());

    static Subscription parse(String text) throws ProblemException {
        var body = Body.read(text.getBytes(UTF_8), "type", "downloads", "since");
        var type = body.mandatoryText("type");
        if (!type.equals("subscribe")) {
            throw ProblemException.malformed(
                    "Only \"subscribe\" is taken here; commands go through REST.");
        }
        return new Subscription(ids(body), body.number("since", 0, Long.MAX_VALUE));
    }

    private static @Nullable Set<String> ids(Body body) throws ProblemException {
        if (!body.has("downloads")) {
            return null;
        }
        if (!body.isText("downloads")) {
            return Set.copyOf(body.texts("downloads"));
        }
        if (!body.mandatoryText("downloads").equals("all")) {
            throw ProblemException.malformed("\"downloads\" is \"all\" or a list of ids.");
        }
        return null;
    }
}
