package dev.capstan.download;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a link, as far as could be seen without adding it.
 *
 * @param link the link as it was given
 * @param host id of the host that takes it, or null where none does
 * @param name what it would be called, or null while nobody knows
 * @param size bytes, −1 while unknown
 * @param existing a download that stands for it already and did not fail, or null
 * @param listing what it lists, or null where it is a file
 * @param problem why nothing more is known, or null
 */
public record Preview(
        String link,
        @Nullable String host,
        @Nullable String name,
        long size,
        @Nullable String existing,
        @Nullable Listing listing,
        @Nullable Problem problem) {

    /**
     * The files of a link that lists some.
     *
     * @param files the first ones, at most {@value Previews#MOST_FILES}
     * @param total how many were seen in all
     * @param isWhole whether there are no more than that
     */
    public record Listing(List<File> files, long total, boolean isWhole) {

        /** Creates a listing; files are copied. */
        public Listing {
            files = List.copyOf(files);
        }
    }

    /**
     * A file of a listing.
     *
     * @param link its own link
     * @param name its safe name, or null while nobody knows
     * @param size bytes, −1 while unknown
     * @param folder the safe folder it would go to, below that of the listing, or null
     * @param existing a download that stands for it already and did not fail, or null
     */
    public record File(
            String link,
            @Nullable String name,
            long size,
            @Nullable String folder,
            @Nullable String existing) {}

    /**
     * Why a link cannot be looked at, or not now.
     *
     * @param code the name of a {@link RefusedException.Reason} or an {@link ErrorClass}, or {@code
     *     LATER}
     * @param message one sentence a user can act on; never contains a secret
     */
    public record Problem(String code, String message) {}
}
