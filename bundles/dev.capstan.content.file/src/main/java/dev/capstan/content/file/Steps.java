package dev.capstan.content.file;

import java.io.IOException;

/** Where a test may end the process, or let the disk fail. In the host nothing happens there. */
@FunctionalInterface
interface Steps {
    Steps NONE = step -> {};

    /** The instants between which a power cut makes a difference. */
    enum Step {
        BEFORE_DATA_SYNC,
        DATA_SYNCED,
        HASHED,
        PLAIN_WRITTEN,
        INTENT_WRITTEN,
        MADE_READ_ONLY,
        RENAMED,
        FOLDER_SYNCED,
        BEFORE_INDEX,
        INDEXED,
        STAGING_DROPPED,
        FORGOTTEN,
        REMOVED
    }

    void reached(Step step) throws IOException;
}
