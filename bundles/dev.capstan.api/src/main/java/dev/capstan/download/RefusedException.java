package dev.capstan.download;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@link Downloads} was refused and nothing has changed. The message says why and what
 * to do instead.
 */
public class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The request itself is wrong: a malformed link, an unusable name, a negative limit. */
        INVALID,
        /** No host that is or was installed takes the link. */
        UNSUPPORTED,
        /** The link's host is claimed by a bundle that is not installed. */
        HOST_MISSING,
        /** The scheme or address is not allowed for whoever asked. */
        BLOCKED,
        /** There is no such download or batch. */
        NOT_FOUND,
        /** The table of moves has no such move from the current state. */
        ILLEGAL_MOVE,
        /** The service is stopping or its store is gone; ask again later. */
        UNAVAILABLE
    }

    private final Reason reason;
    private final @Nullable DownloadState state;

    /**
     * Creates a refusal.
     *
     * @param reason why
     * @param message the sentence for the user
     */
    public RefusedException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates a refusal that tells the current state.
     *
     * @param reason why
     * @param message the sentence for the user
     * @param state the state the download is in, or null where that does not matter
     */
    public RefusedException(Reason reason, String message, @Nullable DownloadState state) {
        super(message);
        this.reason = reason;
        this.state = state;
    }

    /**
     * Why it was refused.
     *
     * @return never null
     */
    public Reason reason() {
        return reason;
    }

    /**
     * The state the download is in.
     *
     * @return present for {@link Reason#ILLEGAL_MOVE}
     */
    public Optional<DownloadState> state() {
        return Optional.ofNullable(state);
    }
}
