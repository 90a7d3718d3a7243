package dev.capstan.admin.rest.http;

import dev.capstan.download.RefusedException;
import java.lang.System.Logger.Level;
import org.osgi.util.promise.Promise;

/** What a request is answered with: at once, or when a promise resolves. */
public sealed interface Answer permits Reply, Answer.Later, Answer.WhenWhole {

    /** Makes a reply of what was promised. */
    @FunctionalInterface
    interface Made<T> {

        /** The reply. */
        Reply of(T value) throws ProblemException;
    }

    /**
     * An answer for which no thread waits.
     *
     * @param reply never fails: a failure has become a problem document
     */
    record Later(Promise<Reply> reply) implements Answer {}

    /**
     * None yet: the request comes again when its body is here.
     *
     * @param isUpload whether that is a file
     */
    record WhenWhole(boolean isUpload) implements Answer {}

    /**
     * Answers when a promise resolves.
     *
     * @param promise of whatever the reply is made of; where it fails by a {@link
     *     RefusedException}, the reply says why
     */
    static <T> Answer later(Promise<T> promise, Made<T> made) {
        return new Later(
                promise.map(
                                value -> {
                                    try {
                                        return made.of(value);
                                    } catch (ProblemException e) {
                                        return Reply.of(e);
                                    }
                                })
                        .recover(failed -> failure(failed.getFailure())));
    }

    private static Reply failure(Throwable failure) {
        if (failure instanceof RefusedException refusal) {
            return Reply.of(ProblemException.of(refusal));
        }
        if (failure instanceof ProblemException problem) {
            return Reply.of(problem);
        }
        System.getLogger(Answer.class.getName()).log(Level.WARNING, "A request failed", failure);
        return Reply.of(ProblemException.internal());
    }
}
