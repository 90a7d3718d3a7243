package dev.capstan.admin.rest;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.content.ContentLink;
import dev.capstan.content.ContentLinks;
import dev.capstan.download.Downloads;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Records;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Links to what can be played. Each service it asks may come and go. */
@Component
public final class LinkRoutes implements Routes {
    private static final String M3U = "application/vnd.apple.mpegurl";
    private static final int MOST_RECORDS = 1000;

    private final ContentLinks links;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Downloads downloads;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Records records;

    /** Takes who makes links. */
    @Activate
    public LinkRoutes(@Reference ContentLinks links) {
        this.links = links;
    }

    @Override
    public void addTo(Router router) {
        router.add("POST", "/downloads/{id}/content-link", Scope.READ, this::ofDownload)
                .add("POST", "/records/{id}/play", Scope.READ, this::ofTrack)
                .add("GET", "/records/playlist.m3u8", Scope.READ, this::playlist);
    }

    private Reply ofDownload(Call call) throws ProblemException, IOException {
        call.body();
        var queue = downloads;
        if (queue == null) {
            throw ProblemException.missing("the download queue");
        }
        var id = call.named("id");
        if (queue.get(id).isEmpty()) {
            throw ProblemException.notFound("There is no download with this id.");
        }
        return reply(links.ofDownload(id));
    }

    private Reply ofTrack(Call call) throws ProblemException, IOException {
        var body = call.body("track");
        var record = record(call.named("id"));
        var track = body.integer("track", 0, record.tracks().size() - 1).orElse(0);
        return reply(links.ofTrack(record.id(), track));
    }

    /** All records, or those that the query names by {@code id}, in its order. */
    private Reply playlist(Call call) throws ProblemException {
        var chosen = call.values("id");
        List<EtchedRecord> found = new ArrayList<>();
        for (var id : chosen) {
            found.add(record(id));
        }
        if (chosen.isEmpty()) {
            found = records().list(null, MOST_RECORDS);
        }
        return new Reply(200, M3U, links.playlist(found));
    }

    private Records records() throws ProblemException {
        var found = records;
        if (found == null) {
            throw ProblemException.missing("records");
        }
        return found;
    }

    private EtchedRecord record(String id) throws ProblemException {
        return records()
                .get(id)
                .orElseThrow(() -> ProblemException.notFound("There is no record with this id."));
    }

    private static Reply reply(ContentLink link) {
        return Reply.json(
                201,
                new Fields()
                        .put("url", link.uri().getRawPath())
                        .put("expires", link.expires())
                        .object());
    }
}
