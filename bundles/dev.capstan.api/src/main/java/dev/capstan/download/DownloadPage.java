package dev.capstan.download;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One page of downloads.
 *
 * @param items the downloads, with live metrics where they run
 * @param next the cursor of the next page, or null at the end
 * @param total rows that match, over all pages
 * @param counts rows for each state over the whole queue, kept and not counted
 */
public record DownloadPage(
        List<Download> items, @Nullable String next, long total, Map<DownloadState, Long> counts) {

    /** Creates a page; collections are copied. */
    public DownloadPage {
        items = List.copyOf(items);
        counts = Map.copyOf(counts);
    }
}
