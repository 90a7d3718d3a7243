package dev.capstan.transfer.http.move;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import org.jspecify.annotations.Nullable;

/**
 * The end of a worker, and what is to be read from it.
 *
 * @param progressed whether it brought any bytes
 * @param fault for {@link How#FAILED}
 */
record Ended(Worker worker, How how, boolean progressed, @Nullable DownloadException fault)
        implements Event {

    /** How a worker ended. */
    enum How {
        /** There was nothing left for it to do. */
        IDLE,
        /** The source has the version that was known. */
        NOT_MODIFIED,
        /** It saw something that only a connection alone may act on. */
        NOT_ALONE,
        /** It was told to go. */
        DISMISSED,
        /** It failed. */
        FAILED
    }

    /** Where it asked. */
    Source source() {
        return worker.source();
    }

    /** Whether it ended as one does that the server does not want beside the others. */
    boolean isRefusal() {
        return switch (how) {
            case IDLE, DISMISSED -> false;
            default -> !hasStumbled();
        };
    }

    private boolean hasStumbled() {
        return fault != null
                && progressed
                // Where each is too slow, more of them are not the answer.
                && fault.detail() != Detail.TOO_SLOW
                && (fault.errorClass() == ErrorClass.NETWORK
                        || fault.errorClass() == ErrorClass.TIMEOUT);
    }

    /** Whether its source has something else than the file. */
    boolean showsAnotherFile() {
        return fault != null
                && (fault.errorClass() == ErrorClass.CHANGED
                        || fault.errorClass() == ErrorClass.PROTOCOL);
    }

    /** Whether no other attempt from here can heal what happened. */
    boolean isFatal() {
        return fault != null
                && switch (fault.errorClass()) {
                    case DISK_FULL, IO, CHECKSUM -> true;
                    default -> fault.detail() == Detail.FOLDER;
                };
    }
}
