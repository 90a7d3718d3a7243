package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.json.DownloadJson;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.download.Download;
import dev.capstan.download.Downloads;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.Records;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;
import org.osgi.util.promise.TimeoutException;

/**
 * Records that are being etched, and the downloads they wait for. Safe for any number of threads.
 */
@Component(service = Etchings.class)
public final class Etchings {

    /** As long as it takes to refuse a wish, or to have its downloads in the queue. */
    private static final Duration LEAST = Duration.ofMillis(250);

    private static final Duration MOMENT = Duration.ofSeconds(5);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Downloads downloads;

    /**
     * What has become of a wish.
     *
     * @param record the record, or null while it is being etched
     * @param downloads what it then waits for, one for each link
     */
    record Etching(@Nullable EtchedRecord record, List<Download> downloads) {

        JsonObject underWay() {
            var fields = new Fields();
            if (!downloads.isEmpty()) {
                fields.put("download", DownloadJson.of(downloads.get(0)));
            }
            return fields.put("downloads", DownloadJson.list(downloads)).object();
        }
    }

    /** Begins to etch, and waits for a while. */
    Promise<Etching> begin(Records records, EtchRequest request, Duration wait) {
        var most = wait.compareTo(LEAST) > 0 ? wait : LEAST;
        return records.etch(request)
                .timeout(most.toMillis())
                .map(record -> new Etching(record, List.of()))
                .recoverWith(
                        failed ->
                                failed.getFailure() instanceof TimeoutException
                                        ? underWay(request)
                                        : Promises.failed(Failures.problem(failed.getFailure())));
    }

    private Promise<Etching> underWay(EtchRequest request) throws ProblemException {
        var queue = ProblemException.present(downloads, "the download queue");
        var asked = request.links().stream().map(queue::withLink).toList();
        var found =
                Promises.all(asked)
                        .map(each -> each.stream().flatMap(rows -> rows.stream().limit(1)).toList())
                        .map(rows -> new Etching(null, rows));
        return Failures.told(found, MOMENT);
    }
}
