package dev.capstan.admin.rest.stream;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.content.ContentReader;
import dev.capstan.download.Downloads;
import dev.capstan.record.Records;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.util.promise.Promise;

/** Opens what links lead to. Both services may come and go; safe for any number of threads. */
@Component(service = Sources.class)
public final class Sources {
    private @Nullable Downloads downloads;
    private @Nullable Records records;
    private int departures;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void setDownloads(Downloads came) {
        downloads = came;
        notifyAll();
    }

    synchronized void unsetDownloads(Downloads went) {
        departures++;
        if (downloads == went) {
            downloads = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void setRecords(Records came) {
        records = came;
        notifyAll();
    }

    synchronized void unsetRecords(Records went) {
        departures++;
        if (records == went) {
            records = null;
        }
    }

    /** How often something that was opened may have lost what it reads from. */
    synchronized int departures() {
        return departures;
    }

    /** Waits until what opens a target is there; tells whether it is. */
    synchronized boolean await(Target target, Duration most) throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        while (downloads == null || (target.isTrack() && records == null)) {
            var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** What a link leads to is called; names tell what kind of file it is. */
    String name(Target target) throws ProblemException {
        if (target.isTrack()) {
            return records()
                    .get(target.id())
                    .filter(record -> target.track() < record.tracks().size())
                    .map(record -> record.tracks().get(target.track()).title())
                    .orElseThrow(Sources::gone);
        }
        return downloads()
                .get(target.id())
                .map(download -> download.displayName())
                .orElseThrow(Sources::gone);
    }

    Promise<ContentReader> open(Target target) throws ProblemException {
        return target.isTrack()
                ? records().play(target.id(), target.track())
                : downloads().open(target.id());
    }

    private synchronized Downloads downloads() throws ProblemException {
        return ProblemException.present(downloads, "the download queue");
    }

    private synchronized Records records() throws ProblemException {
        return ProblemException.present(records, "records");
    }

    private static ProblemException gone() {
        return ProblemException.notFound("What this link leads to is not here any more.");
    }
}
