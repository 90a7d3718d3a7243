package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.DownloadJson;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.admin.rest.json.LinkJson;
import dev.capstan.content.ContentLinks;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadChange;
import dev.capstan.download.Downloads;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.util.promise.Promise;

/** The list of downloads, and what may be done to each. */
@Component
public final class DownloadRoutes implements Routes {
    private static final String ONE = "/downloads/{id}";

    private final ContentLinks links;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Downloads downloads;

    /** Takes who makes links for players. */
    @Activate
    public DownloadRoutes(@Reference ContentLinks links) {
        this.links = links;
    }

    @Override
    public void addTo(Router router) {
        router.add("GET", "/downloads", Scope.READ, this::list)
                .add("POST", "/downloads", Scope.DOWNLOADS, call -> Adding.answer(call, queue()))
                .add("GET", ONE, Scope.READ, this::one)
                .add("PATCH", ONE, Scope.DOWNLOADS, this::change)
                .add("DELETE", ONE, Scope.DOWNLOADS, this::remove)
                .add("POST", ONE + "/content-link", Scope.READ, this::link)
                .add("POST", ONE + "/pause", Scope.DOWNLOADS, call -> move(call, Command.PAUSE))
                .add("POST", ONE + "/resume", Scope.DOWNLOADS, call -> move(call, Command.RESUME))
                .add("POST", ONE + "/cancel", Scope.DOWNLOADS, call -> move(call, Command.CANCEL))
                .add("POST", ONE + "/retry", Scope.DOWNLOADS, call -> move(call, Command.RETRY));
    }

    private Reply list(Call call) throws ProblemException {
        var query = ListQuery.of(call);
        try {
            var page = queue().list(query);
            return Reply.json(
                    200,
                    new Fields()
                            .put("items", DownloadJson.list(page.items()))
                            .putOrNull("next", page.next())
                            .put("total", page.total())
                            .put("counts", DownloadJson.counts(page.counts()))
                            .object());
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed("The cursor is none of this list in this order.");
        }
    }

    private Reply one(Call call) throws ProblemException {
        call.query();
        var queue = queue();
        var id = call.named("id");
        var download = queue.get(id).orElseThrow(() -> missing(id));
        return Reply.json(200, Detail.of(download, queue));
    }

    /** P11. It needs no more than reading does, since a stream changes nothing that lasts. */
    private Reply link(Call call) throws ProblemException, IOException {
        call.query();
        call.body();
        var id = call.named("id");
        var download = queue().get(id).orElseThrow(() -> missing(id));
        return Reply.json(201, LinkJson.of(links.ofDownload(download.id())));
    }

    private Answer move(Call call, Command command) throws ProblemException, IOException {
        call.query();
        call.body();
        return shown(202, queue().command(call.named("id"), command));
    }

    private Answer change(Call call) throws ProblemException, IOException {
        call.query();
        var body =
                call.body(
                        "priority",
                        "position",
                        "category",
                        "maxConnections",
                        "limitBytesPerSecond");
        var change =
                new DownloadChange(
                        boxed(body.integer("priority", Adding.LEAST, Adding.MOST)),
                        boxed(body.number("position", Long.MIN_VALUE, Long.MAX_VALUE)),
                        body.text("category").orElse(null),
                        boxed(body.integer("maxConnections", 0, Adding.MOST_CONNECTIONS)),
                        boxed(body.number("limitBytesPerSecond", 0, Long.MAX_VALUE)));
        return shown(200, queue().change(call.named("id"), change));
    }

    private Answer remove(Call call) throws ProblemException, IOException {
        call.query("files");
        call.body();
        return shown(200, queue().remove(call.named("id"), call.flag("files")));
    }

    private static Answer shown(int status, Promise<Download> promise) {
        return Answer.later(promise, download -> Reply.json(status, DownloadJson.of(download)));
    }

    private static @Nullable Integer boxed(OptionalInt number) {
        return number.isPresent() ? number.getAsInt() : null;
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static ProblemException missing(String id) {
        return ProblemException.notFound("There is no download " + id + ".");
    }

    private Downloads queue() throws ProblemException {
        return ProblemException.present(downloads, "the download queue");
    }
}
