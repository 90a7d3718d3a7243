package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.Body;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.json.DownloadJson;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.content.Digest;
import dev.capstan.download.Added;
import dev.capstan.download.BatchRef;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.Downloads;
import dev.capstan.download.Trust;
import dev.capstan.name.SafeNames;
import dev.capstan.name.Ulid;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds links that came over the network: none of them may reach a private address unless the
 * operator opened those (S1).
 */
final class Adding {
    static final int LEAST = -1_000_000;
    static final int MOST = 1_000_000;
    static final int MOST_CONNECTIONS = 64;

    private static final int MOST_LINKS = 10_000;
    private static final Ulid ULIDS = new Ulid(Clock.systemUTC());
    private static final String CHOSEN_FOR_ONE = " is for a single link.";

    private final Body body;
    private final Downloads queue;

    private Adding(Body body, Downloads queue) {
        this.body = body;
        this.queue = queue;
    }

    static Answer answer(Call call, Downloads queue) throws ProblemException, IOException {
        call.query();
        var body =
                call.body(
                        "url",
                        "urls",
                        "filename",
                        "category",
                        "mediaType",
                        "priority",
                        "checksum",
                        "batch",
                        "headers",
                        "linkPassword",
                        "maxConnections",
                        "limitBytesPerSecond",
                        "paused");
        var adding = new Adding(body, queue);
        return body.has("urls") ? adding.many() : adding.one();
    }

    private Answer one() throws ProblemException {
        var link = body.mandatoryText("url");
        var request = request(link, batch()).fileName(body.text("filename").orElse(null));
        var checksum = body.text("checksum").orElse(null);
        if (checksum != null) {
            try {
                request.promise(Digest.parse(checksum));
            } catch (IllegalArgumentException e) {
                throw ProblemException.malformed("\"checksum\": " + e.getMessage() + ".");
            }
        }
        return Answer.later(queue.add(List.of(request)), added -> reply(added.get(0)));
    }

    private static Reply reply(Added added) throws ProblemException {
        var problem = problem(added);
        if (problem != null) {
            throw problem;
        }
        var download = Objects.requireNonNull(added.download());
        return Reply.json(201, DownloadJson.of(download))
                .with("Location", "/api/v1/downloads/" + download.id());
    }

    private Answer many() throws ProblemException {
        var links = body.texts("urls");
        if (body.has("url")) {
            throw ProblemException.malformed("Either \"url\" or \"urls\", not both.");
        }
        if (links.isEmpty() || links.size() > MOST_LINKS) {
            throw ProblemException.malformed("\"urls\" has from 1 to " + MOST_LINKS + " links.");
        }
        for (var name : List.of("filename", "checksum")) {
            if (body.has(name)) {
                throw ProblemException.malformed("\"" + name + "\"" + CHOSEN_FOR_ONE);
            }
        }
        var batch = batch();
        var requests = new ArrayList<DownloadRequest>(links.size());
        for (var link : links) {
            requests.add(request(link, batch));
        }
        return Answer.later(queue.add(requests), added -> reply(links, added));
    }

    private static Reply reply(List<String> links, List<Added> added) {
        var items = new ArrayList<JsonObject>(added.size());
        for (int i = 0; i < added.size(); i++) {
            items.add(item(links.get(i), added.get(i)));
        }
        return Reply.json(201, new Fields().put("items", Fields.list(items)).object());
    }

    private static JsonObject item(String link, Added added) {
        var item =
                new Fields().put("url", DownloadJson.shown(link)).put("outcome", added.outcome());
        var download = added.download();
        if (download != null) {
            item.put("download", DownloadJson.of(download));
        }
        var problem = problem(added);
        return item.put("error", problem == null ? null : Reply.document(problem)).object();
    }

    private static @Nullable ProblemException problem(Added added) {
        var refusal = added.refusal();
        if (refusal != null) {
            return ProblemException.of(refusal);
        }
        return isHere(added)
                ? ProblemException.existing(
                        Objects.requireNonNull(added.download()), sentence(added))
                : null;
    }

    private static boolean isHere(Added added) {
        return added.outcome() == Added.Outcome.ALREADY_ACTIVE
                || added.outcome() == Added.Outcome.ALREADY_THERE;
    }

    private static String sentence(Added added) {
        return added.outcome() == Added.Outcome.ALREADY_ACTIVE
                ? "A download of this link is in the queue already."
                : "This is here already, with the same bytes.";
    }

    private DownloadRequest request(String link, @Nullable BatchRef batch) throws ProblemException {
        var request =
                DownloadRequest.of(link)
                        .trust(Trust.NETWORK)
                        .category(body.text("category").orElse(null))
                        .mediaType(mediaType())
                        .priority(body.integer("priority", LEAST, MOST).orElse(0))
                        .batch(batch)
                        .linkPassword(body.text("linkPassword").orElse(null))
                        .paused(body.flag("paused"))
                        .options(
                                DownloadOptions.DEFAULT.withLimits(
                                        body.integer("maxConnections", 0, MOST_CONNECTIONS)
                                                .orElse(0),
                                        body.number("limitBytesPerSecond", 0, Long.MAX_VALUE)
                                                .orElse(0)));
        body.textsByName("headers").forEach(request::header);
        return request;
    }

    private @Nullable String mediaType() throws ProblemException {
        var type = body.text("mediaType").orElse(null);
        if (type != null && !List.of("movie", "tv", "music").contains(type)) {
            throw ProblemException.malformed("\"mediaType\" is one of movie, tv, music.");
        }
        return type;
    }

    /** The batch that is named: one that is there, or a new one. */
    private @Nullable BatchRef batch() throws ProblemException {
        var wish = body.object("batch", "id", "name").orElse(null);
        if (wish == null) {
            return null;
        }
        var id = wish.text("id").orElse(null);
        if (id == null) {
            var name = SafeNames.chosenName(wish.mandatoryText("name"), "batch");
            return new BatchRef(ULIDS.next(), name);
        }
        var known =
                queue.batch(id)
                        .orElseThrow(
                                () -> ProblemException.notFound("There is no batch of this id."));
        return new BatchRef(known.id(), known.name());
    }
}
