package dev.capstan.download.provider;

/**
 * Smooths a speed over the last few samples. Sampled by one thread, read by any.
 *
 * <p>The first sample counts whole, so that a short download shows its speed too; later ones count
 * by how much time they cover, with a time constant of three seconds.
 */
final class SpeedMeter {
    private static final double SMOOTH_SECONDS = 3;

    private long bytes = -1;
    private long nanos;
    private double speed = -1;
    private volatile long shown;

    /**
     * Takes a sample.
     *
     * @param bytesNow a counter; when it falls, counting begins again
     * @param nanosNow the time on a monotonic clock
     * @return whether the counter moved since the last sample
     */
    boolean sample(long bytesNow, long nanosNow) {
        var moved = bytesNow != bytes;
        if (bytes >= 0 && bytesNow >= bytes && nanosNow > nanos) {
            var seconds = (nanosNow - nanos) / 1e9;
            var now = (bytesNow - bytes) / seconds;
            var weight = speed < 0 ? 1 : 1 - Math.exp(-seconds / SMOOTH_SECONDS);
            speed = speed < 0 ? now : speed + weight * (now - speed);
            shown = Math.round(speed);
        }
        bytes = bytesNow;
        nanos = nanosNow;
        return moved;
    }

    long bytesPerSecond() {
        return shown;
    }
}
