package dev.capstan.room.provider.protocol;

import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import org.jspecify.annotations.Nullable;

/**
 * How a user stands with a piece.
 *
 * @param progress what everybody sees
 * @param sha256 of the bytes as they came, once it is finished, in lower-case hexadecimal
 */
record PieceState(Progress progress, @Nullable String sha256) {
    static final PieceState NOT_STARTED =
            new PieceState(new Progress(Status.NOT_STARTED, 0, -1, null), null);

    Status status() {
        return progress.status();
    }

    PieceState withError(@Nullable String error) {
        return new PieceState(
                new Progress(progress.status(), progress.bytes(), progress.total(), error), sha256);
    }
}
