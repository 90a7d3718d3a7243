package dev.capstan.record.provider;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.record.RecordException.Reason;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.util.promise.Promise;

/**
 * Reads a track while it is fetched (E3). The end is not given away before the whole proved to be
 * the record's: then the last bytes come, else the error that the content has changed.
 *
 * <p>Safe for any number of threads, as the reader beneath is.
 */
final class CheckedReader implements ContentReader {
    private static final long A_MOMENT_MILLIS = 1_000;

    private final ContentReader reader;
    private final Promise<Content> whole;
    private final Runnable whenClosed;

    /**
     * Creates a reader.
     *
     * @param whole the content that has the record's checksum, once it is there
     * @param whenClosed run once or more
     */
    CheckedReader(ContentReader reader, Promise<Content> whole, Runnable whenClosed) {
        this.reader = reader;
        this.whole = whole;
        this.whenClosed = whenClosed;
    }

    @Override
    public int read(long position, ByteBuffer target)
            throws DownloadException, InterruptedException {
        int count;
        try {
            count = reader.read(position, target);
        } catch (DownloadException e) {
            throw isOfOtherBytes(e) ? Faults.changedWhileReading() : e;
        }
        var length = reader.length();
        if (count < 0 || (length.isPresent() && position + count >= length.getAsLong())) {
            prove();
        }
        return count;
    }

    /** Bytes that proved wrong are taken from under a reader a moment before that is told. */
    private boolean isOfOtherBytes(DownloadException error) throws InterruptedException {
        if (Faults.isOfOtherBytes(error)) {
            return true;
        }
        var end = whole.timeout(A_MOMENT_MILLIS).getFailure();
        return end != null && Faults.of(end).reason() == Reason.CHANGED;
    }

    private void prove() throws DownloadException, InterruptedException {
        try {
            whole.getValue();
        } catch (InvocationTargetException e) {
            var fault = Faults.of(e.getCause() == null ? e : e.getCause());
            throw fault.reason() == Reason.CHANGED
                    ? Faults.changedWhileReading()
                    : new DownloadException(ErrorClass.NETWORK, Faults.sentence(fault), fault);
        }
    }

    @Override
    public OptionalLong length() {
        return reader.length();
    }

    @Override
    public boolean isVerified() {
        return reader.isVerified();
    }

    @Override
    public Optional<Digest> digest() {
        return reader.digest();
    }

    @Override
    public Validator validator() {
        return reader.validator();
    }

    @Override
    public void close() {
        reader.close();
        whenClosed.run();
    }
}
