package dev.capstan.admin.rest.stream;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.content.ContentReader;
import dev.capstan.download.Downloads;
import dev.capstan.record.Records;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.util.promise.Promise;

/** Opens what links lead to. Both services may come and go. */
@Component(service = Sources.class)
public final class Sources {

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

    private Downloads downloads() throws ProblemException {
        return ProblemException.present(downloads, "the download queue");
    }

    private Records records() throws ProblemException {
        return ProblemException.present(records, "records");
    }

    private static ProblemException gone() {
        return ProblemException.notFound("What this link leads to is not here any more.");
    }
}
