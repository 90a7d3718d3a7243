package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.BatchJson;
import dev.capstan.admin.rest.json.DownloadJson;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.download.Command;
import dev.capstan.download.Downloads;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Groups of downloads, and what may be done to all of one. */
@Component
public final class BatchRoutes implements Routes {
    private static final String ONE = "/batches/{id}";
    private static final int USUAL = 50;
    private static final int MOST = 200;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Downloads downloads;

    @Override
    public void addTo(Router router) {
        router.add("GET", "/batches", Scope.READ, this::list)
                .add("GET", ONE, Scope.READ, this::one)
                .add("DELETE", ONE, Scope.DOWNLOADS, this::remove)
                .add("POST", ONE + "/pause", Scope.DOWNLOADS, call -> move(call, Command.PAUSE))
                .add("POST", ONE + "/resume", Scope.DOWNLOADS, call -> move(call, Command.RESUME))
                .add("POST", ONE + "/cancel", Scope.DOWNLOADS, call -> move(call, Command.CANCEL))
                .add("POST", ONE + "/retry", Scope.DOWNLOADS, call -> move(call, Command.RETRY));
    }

    private Reply list(Call call) throws ProblemException {
        call.query("limit", "cursor");
        var limit = call.number("limit", 1, MOST, USUAL);
        var found = queue().batches(cursor(call), limit + 1);
        var shown = found.subList(0, Math.min(limit, found.size()));
        var next = found.size() > limit ? shown.get(limit - 1).created().toString() : null;
        return Reply.json(
                200,
                new Fields().put("items", BatchJson.list(shown)).putOrNull("next", next).object());
    }

    private static @Nullable Instant cursor(Call call) throws ProblemException {
        var cursor = call.value("cursor").orElse(null);
        try {
            return cursor == null ? null : Instant.parse(cursor);
        } catch (DateTimeException e) {
            throw ProblemException.malformed("The cursor is none of this list.");
        }
    }

    private Reply one(Call call) throws ProblemException {
        call.query();
        var batch =
                queue().batch(call.named("id"))
                        .orElseThrow(
                                () -> ProblemException.notFound("There is no batch of this id."));
        return Reply.json(200, BatchJson.of(batch));
    }

    private Answer move(Call call, Command command) throws ProblemException, IOException {
        call.query();
        call.body();
        return Answer.later(
                queue().commandBatch(call.named("id"), command),
                members ->
                        Reply.json(
                                202,
                                new Fields().put("items", DownloadJson.list(members)).object()));
    }

    private Answer remove(Call call) throws ProblemException, IOException {
        call.query("files");
        call.body();
        return Answer.later(
                queue().removeBatch(call.named("id"), call.flag("files")),
                members ->
                        Reply.json(
                                200,
                                new Fields().put("items", DownloadJson.list(members)).object()));
    }

    private Downloads queue() throws ProblemException {
        return ProblemException.present(downloads, "the download queue");
    }
}
