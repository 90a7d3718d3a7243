package dev.capstan.download;

import org.jspecify.annotations.Nullable;

/**
 * What is to change in a download; null leaves a value as it is. Limits take effect at once, also
 * while it runs.
 *
 * @param priority higher goes first
 * @param position order among equal priorities
 * @param category the folder under the downloads folder; refused once the file is placed
 * @param maxConnections most connections, 0 for the engine's own judgement
 * @param limitBytesPerSecond most bytes a second, 0 for no limit
 */
public record DownloadChange(
        @Nullable Integer priority,
        @Nullable Long position,
        @Nullable String category,
        @Nullable Integer maxConnections,
        @Nullable Long limitBytesPerSecond) {}
