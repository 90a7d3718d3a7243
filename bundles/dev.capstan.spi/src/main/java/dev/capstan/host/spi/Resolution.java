package dev.capstan.host.spi;

import dev.capstan.download.DownloadException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** What is behind a link: a file, a listing, or nothing yet. */
public sealed interface Resolution {

    /**
     * One file that can be fetched now.
     *
     * @param file where and what it is
     */
    record Found(RemoteFile file) implements Resolution {}

    /**
     * A folder, an album, a list. It becomes a batch, filled lazily.
     *
     * @param name what a person calls it
     * @param pages gives its entries
     */
    record Listing(String name, Pages pages) implements Resolution {}

    /**
     * Nothing yet: the download waits without spending retries.
     *
     * @param delay how long, counted from now
     * @param reason why, in words for the user
     */
    record Later(Duration delay, String reason) implements Resolution {}

    /** Gives the entries of a listing, page after page. Called by one thread at a time. */
    @ConsumerType
    @FunctionalInterface
    interface Pages {

        /**
         * Fetches a page.
         *
         * @param cursor null for the first page, else {@link Page#next()} of the one before; stored
         *     over restarts, so it must mean the same to a new instance
         * @return the page
         * @throws DownloadException as for {@link HostResolver#resolve}
         * @throws InterruptedException if the thread was interrupted
         */
        Page page(@Nullable String cursor) throws DownloadException, InterruptedException;
    }

    /**
     * Some entries of a listing.
     *
     * @param entries in order
     * @param next the cursor of the next page, or null at the end
     * @param note what the user should know of the listing, such as what was left out, or null; the
     *     last one is shown
     */
    record Page(List<Entry> entries, @Nullable String next, @Nullable String note) {

        /** Most entries of one page (S8). */
        public static final int MOST_ENTRIES = 100_000;

        /** Creates a page; entries are copied, of which there are at most {@link #MOST_ENTRIES}. */
        public Page {
            if (entries.size() > MOST_ENTRIES) {
                // Before they are copied: who makes millions must not take the host's memory.
                throw new IllegalArgumentException(
                        "a page of " + entries.size() + " entries; give them in several");
            }
            entries = List.copyOf(entries);
        }

        /**
         * A page of which there is nothing to say.
         *
         * @param entries in order
         * @param next the cursor of the next page, or null at the end
         */
        public Page(List<Entry> entries, @Nullable String next) {
            this(entries, next, null);
        }
    }

    /**
     * One entry of a listing.
     *
     * @param link a link of any host; a listing's link for a nested one
     * @param name its name, or null
     * @param size its size in bytes, or null
     * @param folder a relative folder as a suggestion, or null; made safe by the caller (S3)
     * @param metadata what is known of it
     */
    record Entry(
            String link,
            @Nullable String name,
            @Nullable Long size,
            @Nullable String folder,
            Map<String, String> metadata) {

        /** Creates an entry; metadata is copied. */
        public Entry {
            metadata = Map.copyOf(metadata);
        }

        /**
         * An entry of which only the link is known.
         *
         * @param link a link of any host
         * @return the entry
         */
        public static Entry of(String link) {
            return new Entry(link, null, null, null, Map.of());
        }
    }
}
