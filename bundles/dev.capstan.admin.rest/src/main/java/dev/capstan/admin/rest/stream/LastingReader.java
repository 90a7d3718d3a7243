package dev.capstan.admin.rest.stream;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.download.DownloadException;
import dev.capstan.download.RefusedException;
import dev.capstan.record.RecordException;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.util.promise.Promise;

/**
 * A reader that outlives what it reads from (H2a): where a store, the queue or the records go under
 * it and are back in time, it opens the same bytes again, and its caller notices but a pause.
 *
 * <p>Used by one thread.
 */
final class LastingReader implements ContentReader {
    private static final System.Logger LOG = System.getLogger(LastingReader.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Sources sources;
    private final Target target;
    private int departures;
    private ContentReader reader;

    private LastingReader(Sources sources, Target target)
            throws ProblemException, DownloadException, InterruptedException {
        this.sources = sources;
        this.target = target;
        departures = sources.departures();
        reader = opened(sources, target);
    }

    /** Opens what a link leads to; waits until there is something to read. */
    static ContentReader open(Sources sources, Target target)
            throws ProblemException, DownloadException, InterruptedException {
        return new LastingReader(sources, target);
    }

    @Override
    public int read(long position, ByteBuffer bytes)
            throws DownloadException, InterruptedException {
        while (true) {
            try {
                return reader.read(position, bytes);
            } catch (DownloadException e) {
                replace(e);
            }
        }
    }

    /** Throws the failure if nothing went that explains it, or what went does not come back. */
    private void replace(DownloadException failure) throws DownloadException, InterruptedException {
        var now = sources.departures();
        if (now == departures || !sources.await(target, PATIENCE)) {
            throw failure;
        }
        departures = now;
        try {
            var again = opened(sources, target);
            var before = reader;
            reader = again;
            var isSame = isSame(before, again);
            before.close();
            if (!isSame) {
                throw failure;
            }
        } catch (ProblemException e) {
            throw failure;
        }
    }

    /** Whether both are of one version, as far as somebody told. */
    private static boolean isSame(ContentReader before, ContentReader again) {
        var known = Tags.of(before).all();
        var told = Tags.of(again).all();
        var isOther = !known.isEmpty() && !told.isEmpty() && Collections.disjoint(known, told);
        return !isOther && before.length().equals(again.length());
    }

    private static ContentReader opened(Sources sources, Target target)
            throws ProblemException, DownloadException, InterruptedException {
        Promise<ContentReader> opening = sources.open(target);
        try {
            return opening.getValue();
        } catch (InterruptedException e) {
            opening.onSuccess(ContentReader::close); // nobody will read it any more
            throw e;
        } catch (InvocationTargetException e) {
            var failure = e.getCause();
            if (failure instanceof DownloadException download) {
                throw download;
            }
            throw problem(failure == null ? e : failure);
        }
    }

    private static ProblemException problem(Throwable failure) {
        if (failure instanceof RefusedException refusal) {
            return ProblemException.of(refusal);
        }
        if (failure instanceof RecordException record) {
            return new ProblemException(
                    502, record.reason().name(), String.valueOf(record.getMessage()));
        }
        LOG.log(Level.WARNING, "A stream could not be opened", failure);
        return ProblemException.internal();
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
    }
}
