package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.download.RefusedException;
import dev.capstan.feature.FeatureException;
import dev.capstan.record.RecordException;
import dev.capstan.room.RoomException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;
import org.osgi.util.promise.TimeoutException;

/** Why a service does not do what it was asked, as a problem for whoever asked. */
final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    /** A promise that fails in words for whoever asked, also where it is not kept in time. */
    static <T> Promise<T> told(Promise<T> promise, Duration most) {
        return promise.timeout(most.toMillis())
                .recoverWith(failed -> Promises.failed(problem(failed.getFailure())));
    }

    /** What a failure is to whoever asked. */
    static ProblemException problem(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return problem;
        }
        if (failure instanceof RefusedException refusal) {
            return ProblemException.of(refusal);
        }
        if (failure instanceof RecordException refusal) {
            return of(refusal);
        }
        if (failure instanceof FeatureException refusal) {
            return of(refusal);
        }
        if (failure instanceof RoomException refusal) {
            return of(refusal);
        }
        if (failure instanceof TimeoutException) {
            return new ProblemException(504, "TIMEOUT", "There was no answer in time; ask again.");
        }
        LOG.log(Level.WARNING, "A request failed", failure);
        return ProblemException.internal();
    }

    private static ProblemException of(RecordException refusal) {
        var message = String.valueOf(refusal.getMessage());
        return switch (refusal.reason()) {
            case INVALID -> ProblemException.malformed(message);
            case NOT_FOUND -> ProblemException.notFound(message);
            case UNKNOWN_HOST, TOO_BIG, NOT_MEDIA ->
                    new ProblemException(422, refusal.reason().name(), message);
            case CHANGED -> new ProblemException(409, "CHANGED", message);
            case NETWORK -> new ProblemException(502, "NETWORK", message);
            case UNAVAILABLE -> new ProblemException(503, "UNAVAILABLE", message);
        };
    }

    private static ProblemException of(FeatureException refusal) {
        var message = String.valueOf(refusal.getMessage());
        return switch (refusal.reason()) {
            case INVALID -> new ProblemException(422, "INVALID", message);
            case NOT_FOUND -> ProblemException.notFound(message);
            case UNRESOLVED, PROTECTED ->
                    new ProblemException(409, refusal.reason().name(), message);
            case IO -> new ProblemException(503, "IO", message);
        };
    }

    private static ProblemException of(RoomException refusal) {
        var message = String.valueOf(refusal.getMessage());
        return switch (refusal.reason()) {
            case INVALID -> ProblemException.malformed(message);
            case NOT_FOUND -> ProblemException.notFound(message);
            case NOT_SIGNED, REFUSED -> new ProblemException(422, refusal.reason().name(), message);
            case UNREACHABLE -> new ProblemException(502, "UNREACHABLE", message);
            case FAILED -> new ProblemException(409, "FAILED", message);
        };
    }
}
