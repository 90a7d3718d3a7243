package dev.capstan.download;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which downloads, in which order, and from where. A cursor is a position in the sort order and not
 * an offset: under concurrent change no row that keeps its sort key is lost or doubled.
 *
 * @param states only these; empty for all
 * @param batch only this batch, or null
 * @param category only this category, or null
 * @param host only this host, or null
 * @param text only where name or link contains this, ignoring case, or null
 * @param sort the order
 * @param descending whether the order is reversed
 * @param limit most rows, 1 to {@value #MAX_LIMIT}
 * @param cursor {@link DownloadPage#next()} of the page before, or null for the first
 */
public record DownloadQuery(
        Set<DownloadState> states,
        @Nullable String batch,
        @Nullable String category,
        @Nullable String host,
        @Nullable String text,
        Sort sort,
        boolean descending,
        int limit,
        @Nullable String cursor) {

    /** Rows a page holds at most. */
    public static final int MAX_LIMIT = 200;

    /** Rows a page holds where nothing is said. */
    public static final int DEFAULT_LIMIT = 50;

    /** All downloads, oldest first. */
    public static final DownloadQuery ALL =
            new DownloadQuery(
                    Set.of(), null, null, null, null, Sort.ADDED, false, DEFAULT_LIMIT, null);

    /** The orders; equal keys are ordered by id. */
    public enum Sort {
        /** By the time of adding. */
        ADDED,
        /** By name, ignoring case. */
        NAME,
        /** By size; unknown sizes first. */
        SIZE,
        /** By state, in the order of {@link DownloadState}. */
        STATE,
        /** As workers take them: priority, position, age. */
        PRIORITY
    }

    /**
     * Creates a query.
     *
     * @throws IllegalArgumentException if the limit is out of range
     */
    public DownloadQuery {
        states = Set.copyOf(states);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT);
        }
    }

    /**
     * The same query for some states only.
     *
     * @param only the states; empty for all
     * @return a copy
     */
    public DownloadQuery withStates(Set<DownloadState> only) {
        return new DownloadQuery(
                only, batch, category, host, text, sort, descending, limit, cursor);
    }

    /**
     * The same query for one batch only.
     *
     * @param only the batch's id, or null for all
     * @return a copy
     */
    public DownloadQuery withBatch(@Nullable String only) {
        return new DownloadQuery(
                states, only, category, host, text, sort, descending, limit, cursor);
    }

    /**
     * The same query for rows that contain a text.
     *
     * @param only the text, or null for all
     * @return a copy
     */
    public DownloadQuery withText(@Nullable String only) {
        return new DownloadQuery(
                states, batch, category, host, only, sort, descending, limit, cursor);
    }

    /**
     * The same query in another order.
     *
     * @param newSort the order
     * @param newDescending whether it is reversed
     * @return a copy
     */
    public DownloadQuery withSort(Sort newSort, boolean newDescending) {
        return new DownloadQuery(
                states, batch, category, host, text, newSort, newDescending, limit, cursor);
    }

    /**
     * The same query with another page size.
     *
     * @param newLimit most rows
     * @return a copy
     */
    public DownloadQuery withLimit(int newLimit) {
        return new DownloadQuery(
                states, batch, category, host, text, sort, descending, newLimit, cursor);
    }

    /**
     * The same query from a position on.
     *
     * @param from {@link DownloadPage#next()} of the page before
     * @return a copy
     */
    public DownloadQuery from(@Nullable String from) {
        return new DownloadQuery(
                states, batch, category, host, text, sort, descending, limit, from);
    }
}
