package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.Identity;
import dev.capstan.download.DownloadException;

/** What is to be made of an answer. */
sealed interface Verdict {

    /**
     * The whole file under a new identity: the first answer, or a changed source.
     *
     * @param identity what the answer says
     * @param to first byte after what it brings, {@link Long#MAX_VALUE} if that is unknown
     * @param changed whether another version was known before
     */
    record Begin(Identity identity, long to, boolean changed) implements Verdict {}

    /**
     * A part that belongs where it was asked for.
     *
     * @param to first byte after what it brings
     * @param total bytes of the whole, −1 if the answer does not tell
     */
    record Part(long to, long total) implements Verdict {}

    /**
     * The whole, although a part was asked for or instead of it: what is there is compared, what is
     * missing is taken.
     *
     * @param to first byte after what it brings, {@link Long#MAX_VALUE} if that is unknown
     */
    record Stream(long to) implements Verdict {}

    /**
     * Nothing is missing: the file ends where the transfer had come to.
     *
     * @param length bytes in all
     */
    record Complete(long length) implements Verdict {}

    /** The source still has the version that was known. */
    record NotModified() implements Verdict {}

    /** The answer is dropped and another one is asked for. */
    enum Again implements Verdict {
        /** The same range without If-Range. */
        WITHOUT_IF_RANGE,
        /** The whole: ranges of this server cannot be trusted. */
        WITHOUT_RANGE,
        /** A range that begins earlier, to compare. */
        WITH_OVERLAP,
        /** The whole from the start: the source has changed. */
        CHANGED
    }

    /**
     * No answer to the question.
     *
     * @param error what it means
     */
    record Refused(DownloadException error) implements Verdict {}
}
