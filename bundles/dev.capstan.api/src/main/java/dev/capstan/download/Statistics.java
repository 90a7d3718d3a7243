package dev.capstan.download;

import java.util.Map;

/**
 * Counted as things happen, exact after a restart; retries are not counted twice.
 *
 * @param counts downloads for each state
 * @param bytesPerSecond speed of all running downloads
 * @param sinceStart since this host started
 * @param today since midnight where this host is
 * @param allTime since the store was made
 * @param hosts all time, for each host id
 */
public record Statistics(
        Map<DownloadState, Long> counts,
        long bytesPerSecond,
        Totals sinceStart,
        Totals today,
        Totals allTime,
        Map<String, Totals> hosts) {

    /** Creates statistics; maps are copied. */
    public Statistics {
        counts = Map.copyOf(counts);
        hosts = Map.copyOf(hosts);
    }

    /**
     * Creates statistics of a host that does not count by days.
     *
     * @param counts downloads for each state
     * @param bytesPerSecond speed of all running downloads
     * @param sinceStart since this host started
     * @param allTime since the store was made
     * @param hosts all time, for each host id
     */
    public Statistics(
            Map<DownloadState, Long> counts,
            long bytesPerSecond,
            Totals sinceStart,
            Totals allTime,
            Map<String, Totals> hosts) {
        this(counts, bytesPerSecond, sinceStart, Totals.NONE, allTime, hosts);
    }

    /**
     * What ended in a time.
     *
     * @param completed downloads that were completed
     * @param failed downloads that ended as FAILED
     * @param bytes bytes of the completed ones
     */
    public record Totals(long completed, long failed, long bytes) {

        /** Nothing has ended. */
        public static final Totals NONE = new Totals(0, 0, 0);

        /**
         * Finished ÷ ended.
         *
         * @return from 0 to 1; 1 while nothing has ended
         */
        public double successRate() {
            var ended = completed + failed;
            return ended == 0 ? 1 : (double) completed / ended;
        }

        /**
         * The sum of both.
         *
         * @param other more totals
         * @return a new sum
         */
        public Totals plus(Totals other) {
            return new Totals(
                    completed + other.completed, failed + other.failed, bytes + other.bytes);
        }
    }
}
