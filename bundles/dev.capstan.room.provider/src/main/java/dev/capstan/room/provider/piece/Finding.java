package dev.capstan.room.provider.piece;

import dev.capstan.content.Digest;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where a piece is found without asking anybody (R5). */
sealed interface Finding {

    /** In its folder, whole. */
    record Here(Arrived piece) implements Finding {}

    /** In a file of the engine's that has the promised bytes. */
    record InFile(Path file, String sha256) implements Finding {}

    /**
     * In the content store.
     *
     * @param link it came by, or null if it was there, or came from a member
     */
    record InStore(Digest digest, @Nullable String link) implements Finding {}

    /** Nowhere: it must be fetched. */
    record Nowhere() implements Finding {}
}
