package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.Body;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.admin.rest.json.LinkJson;
import dev.capstan.admin.rest.json.RecordJson;
import dev.capstan.admin.rest.routes.Etchings.Etching;
import dev.capstan.content.ContentLinks;
import dev.capstan.content.Contents;
import dev.capstan.download.Trust;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Records;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Etched records. A record is told of only when its bytes were verified (E1). */
@Component
public final class RecordRoutes implements Routes {
    private static final int USUAL_WAIT = 30;
    private static final int LONGEST_WAIT = 60;
    private static final int MOST_ITEMS = 200;
    private static final int USUAL_ITEMS = 50;
    private static final int MOST_PLAYED = 1000;
    private static final String M3U = "application/vnd.apple.mpegurl";

    private final Etchings etchings;
    private final ContentLinks links;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Records records;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Contents contents;

    /** Takes who waits for what is being etched, and who makes links for players. */
    @Activate
    public RecordRoutes(@Reference Etchings etchings, @Reference ContentLinks links) {
        this.etchings = etchings;
        this.links = links;
    }

    @Override
    public void addTo(Router router) {
        router.add("POST", "/records", this::etch)
                .add("GET", "/records", Scope.READ, this::list)
                .add("GET", "/records/playlist.m3u8", Scope.READ, this::playlist)
                .add("GET", "/records/{id}", Scope.READ, this::get)
                .add("POST", "/records/{id}/play", Scope.READ, this::play)
                .add("DELETE", "/records/{id}", this::remove)
                .add("GET", "/records/{id}/tracks", Scope.READ, this::tracks)
                .add("GET", "/records/{id}/playtime", Scope.READ, this::playtime)
                .add("POST", "/records/{id}/prefetch", this::prefetch)
                .add("DELETE", "/records/{id}/prefetch", this::putBack);
    }

    /** E1. The links are the network's, whoever sends them (S1). */
    private Answer etch(Call call) throws ProblemException, IOException {
        var body = call.body("name", "author", "url", "urls", "slot", "maxBytes", "wait");
        var request =
                new EtchRequest(
                        body.mandatoryText("name"),
                        body.text("author").orElse(null),
                        links(body),
                        body.number("maxBytes", 0, Long.MAX_VALUE).orElse(0),
                        body.text("slot").orElse(null),
                        Trust.NETWORK);
        var wait = Duration.ofSeconds(body.integer("wait", 0, LONGEST_WAIT).orElse(USUAL_WAIT));
        return Answer.later(etchings.begin(records(), request, wait), this::reply);
    }

    private Reply reply(Etching etching) {
        var record = etching.record();
        return record == null
                ? Reply.json(202, etching.underWay())
                : Reply.json(201, json(record)).with("Location", "/api/v1/records/" + record.id());
    }

    private static List<String> links(Body body) throws ProblemException {
        var links = new ArrayList<>(body.texts("urls"));
        body.text("url").ifPresent(links::add);
        if (links.isEmpty()) {
            throw ProblemException.malformed("\"url\" or \"urls\" is missing.");
        }
        return links;
    }

    /** A record's id is its place, since both rise with time. */
    private Reply list(Call call) throws ProblemException {
        call.query("limit", "cursor");
        var limit = call.number("limit", 1, MOST_ITEMS, USUAL_ITEMS);
        var cursor = call.value("cursor").orElse(null);
        if (cursor != null && !cursor.matches("[0-9A-Z]{26}")) {
            throw ProblemException.malformed("\"cursor\" is none of this list.");
        }
        var found = records().list(cursor, limit + 1);
        var page = found.subList(0, Math.min(limit, found.size()));
        var next =
                found.size() > limit ? Json.createValue(page.get(limit - 1).id()) : JsonValue.NULL;
        return Reply.json(
                200,
                new Fields()
                        .put("items", Fields.list(page.stream().map(this::json).toList()))
                        .put("next", next)
                        .object());
    }

    private Reply get(Call call) throws ProblemException {
        return Reply.json(200, json(record(call)));
    }

    private Reply remove(Call call) throws ProblemException {
        var id = record(call).id();
        records().remove(id);
        return Reply.empty(204);
    }

    private Reply tracks(Call call) throws ProblemException {
        var tracks = json(record(call)).getJsonArray("tracks");
        return Reply.json(200, new Fields().put("items", tracks).object());
    }

    private Reply play(Call call) throws ProblemException, IOException {
        var body = call.body("track");
        var record = record(call);
        var track = body.integer("track", 0, record.tracks().size() - 1).orElse(0);
        return Reply.json(201, LinkJson.of(links.ofTrack(record.id(), track)));
    }

    /** All records, or those that the query names by {@code id}, in its order. */
    private Reply playlist(Call call) throws ProblemException {
        call.query("id");
        var chosen = new ArrayList<EtchedRecord>();
        for (var id : call.values("id")) {
            chosen.add(record(id));
        }
        var shown = chosen.isEmpty() ? records().list(null, MOST_PLAYED) : chosen;
        return new Reply(200, M3U, links.playlist(shown));
    }

    /** E8: where it is for all who listen. */
    private Reply playtime(Call call) throws ProblemException {
        var id = record(call).id();
        return records()
                .playtime(id)
                .map(playtime -> Reply.json(200, RecordJson.of(playtime)))
                .orElseThrow(() -> ProblemException.notFound("Nobody listens to this record."));
    }

    /** E6. It goes on by itself; what comes of it is seen at the record. */
    private Reply prefetch(Call call) throws ProblemException, IOException {
        call.body();
        var record = record(call);
        records().prefetch(record.id());
        return Reply.json(202, json(record));
    }

    private Reply putBack(Call call) throws ProblemException {
        var id = record(call).id();
        records().putBack(id);
        return Reply.empty(204);
    }

    private JsonObject json(EtchedRecord record) {
        return RecordJson.of(record, contents);
    }

    private EtchedRecord record(Call call) throws ProblemException {
        return record(call.named("id"));
    }

    private EtchedRecord record(String id) throws ProblemException {
        return records()
                .get(id)
                .orElseThrow(() -> ProblemException.notFound("There is no record with this id."));
    }

    private Records records() throws ProblemException {
        return ProblemException.present(records, "records");
    }
}
