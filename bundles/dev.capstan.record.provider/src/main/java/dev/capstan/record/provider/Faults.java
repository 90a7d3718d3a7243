package dev.capstan.record.provider;

import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.RefusedException;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import org.jspecify.annotations.Nullable;

/** What a user of records is told of what went wrong underneath (E11): each its own sentence. */
final class Faults {
    private Faults() {}

    /** The queue did not take a link. */
    static RecordException of(RefusedException refusal) {
        var reason =
                switch (refusal.reason()) {
                    case INVALID, BLOCKED -> Reason.INVALID;
                    case UNSUPPORTED, HOST_MISSING -> Reason.UNKNOWN_HOST;
                    case NOT_FOUND -> Reason.NOT_FOUND;
                    case ILLEGAL_MOVE, UNAVAILABLE -> Reason.UNAVAILABLE;
                };
        return new RecordException(reason, sentence(refusal), refusal);
    }

    /** A download for a record failed. */
    static RecordException of(DownloadError error) {
        return of(error.errorClass(), error.detail(), error.message(), null);
    }

    /** The same, as an exception tells it. */
    static RecordException of(DownloadException error) {
        return of(error.errorClass(), error.detail(), sentence(error), error);
    }

    /** Anything that came out of a promise. */
    static RecordException of(Throwable failure) {
        if (failure instanceof RecordException known) {
            return known;
        }
        if (failure instanceof RefusedException refusal) {
            return of(refusal);
        }
        if (failure instanceof DownloadException error) {
            return of(error);
        }
        return new RecordException(
                Reason.UNAVAILABLE, "It failed inside: " + sentence(failure), failure);
    }

    static RecordException changed() {
        return new RecordException(
                Reason.CHANGED,
                "The content behind this link changed: it is not the record's any more. Nothing was"
                        + " stored; etch the record again to take over what is there now.");
    }

    /** The same for whoever reads bytes. */
    static DownloadException changedWhileReading() {
        var changed = changed();
        return new DownloadException(ErrorClass.CHANGED, sentence(changed), changed);
    }

    static boolean isOfOtherBytes(DownloadException error) {
        return error.errorClass() == ErrorClass.CHECKSUM
                || error.errorClass() == ErrorClass.CHANGED
                || error.detail() == Detail.TOO_BIG;
    }

    static String sentence(Throwable failure) {
        var message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static RecordException of(
            ErrorClass errorClass,
            Detail detail,
            String message,
            @Nullable DownloadException cause) {
        if (detail == Detail.TOO_BIG) {
            return new RecordException(Reason.TOO_BIG, message, cause);
        }
        return switch (errorClass) {
            case NOT_FOUND ->
                    new RecordException(
                            Reason.NOT_FOUND,
                            "There is nothing behind this link. " + message,
                            cause);
            case BLOCKED -> new RecordException(Reason.INVALID, message, cause);
            case CHANGED, CHECKSUM ->
                    new RecordException(Reason.CHANGED, sentence(changed()), cause);
            case IO, DISK_FULL -> new RecordException(Reason.UNAVAILABLE, message, cause);
            default -> new RecordException(Reason.NETWORK, message, cause);
        };
    }
}
