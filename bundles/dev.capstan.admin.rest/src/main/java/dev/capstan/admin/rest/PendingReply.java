package dev.capstan.admin.rest;

import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A reply that is on its way while no thread waits for it. Whichever is first ends the request: the
 * reply, the time that is over, or the client that has gone.
 */
final class PendingReply implements AsyncListener {
    private static final System.Logger LOG = System.getLogger(PendingReply.class.getName());
    private static final Duration MOST = Duration.ofMinutes(2);

    private final AsyncContext async;
    private final boolean headOnly;
    private final AtomicBoolean isOver = new AtomicBoolean();

    private PendingReply(AsyncContext async, boolean headOnly) {
        this.async = async;
        this.headOnly = headOnly;
    }

    static void await(Answer.Later later, AsyncContext async, boolean headOnly) {
        var pending = new PendingReply(async, headOnly);
        async.setTimeout(MOST.toMillis());
        async.addListener(pending);
        // Sent by the web server's threads: whoever keeps promises does not wait for clients.
        later.reply().onSuccess(reply -> async.start(() -> pending.end(reply)));
    }

    private void end(Reply reply) {
        if (!isOver.compareAndSet(false, true)) {
            return;
        }
        try {
            reply.send((HttpServletResponse) async.getResponse(), headOnly);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The client has gone", e);
        } finally {
            async.complete();
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end(
                Reply.of(
                        new ProblemException(
                                503,
                                "SLOW",
                                "It takes longer than a request may; it goes on by itself.")));
    }

    @Override
    public void onError(AsyncEvent event) {
        isOver.set(true);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        isOver.set(true);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Begun once, and never again.
    }
}
