package dev.capstan.admin.rest.stream;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.download.DownloadException;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request for a stream, from the opening of what it leads to until the last byte. It waits for
 * bytes that are not there yet, and ends with its client. What fails after the first byte cuts the
 * connection, so that no client takes a part for the whole.
 *
 * <p>One thread runs it; {@link #endIfAlone} may come from another.
 */
final class Stream {
    private static final System.Logger LOG = System.getLogger(Stream.class.getName());

    /** How long a paused player may rest. It asks again after that, from where it was. */
    private static final Duration MOST_REST = Duration.ofMinutes(30);

    private final Sources sources;
    private final Target target;
    private final Demand demand;
    private final ClientConnection connection;
    private final AsyncContext async;
    private final ResponseWriter writer;
    private @Nullable Thread thread;

    Stream(
            Sources sources,
            Target target,
            Demand demand,
            ClientConnection connection,
            AsyncContext async,
            ResponseWriter writer) {
        this.sources = sources;
        this.target = target;
        this.demand = demand;
        this.connection = connection;
        this.async = async;
        this.writer = writer;
    }

    void run() {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        connection.mayRest(MOST_REST);
        try (var reader = LastingReader.open(sources, target)) {
            writer.write(sources.name(target), demand, reader);
        } catch (DownloadException e) {
            end(ProblemException.ofSource(e.errorClass(), message(e)));
        } catch (ProblemException e) {
            end(e);
        } catch (InterruptedException e) {
            end(ProblemException.unavailable("This stream was ended."));
        } catch (IOException e) {
            connection.cut(); // the client has gone
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A stream failed", e);
            end(ProblemException.internal());
        } finally {
            synchronized (this) {
                thread = null;
                Thread.interrupted(); // what came too late is not for the thread's next stream
            }
            complete();
        }
    }

    /** Answers instead of running. */
    void refuse() {
        end(new ProblemException(503, "BUSY", "As many streams as may run at once do; try later."));
        complete();
    }

    /** Ends it if its client has gone while it waits. */
    synchronized void endIfAlone() {
        if (thread != null && connection.isGone()) {
            thread.interrupt();
        }
    }

    private void end(ProblemException problem) {
        try {
            if (writer.hasBegun() || connection.isGone()) {
                connection.cut();
            } else {
                Reply.of(problem).send(writer.fresh());
            }
        } catch (IOException e) {
            connection.cut();
        }
    }

    private void complete() {
        connection.release();
        try {
            async.complete();
        } catch (IllegalStateException e) {
            connection.cut(); // the server has ended it already
        }
    }

    private static String message(Throwable failure) {
        var message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
