package dev.capstan.download;

/**
 * One connection's part of a running transfer.
 *
 * @param from first byte of the part
 * @param position next byte that will arrive
 * @param to first byte after the part, −1 while unknown
 * @param bytesPerSecond smoothed speed
 */
public record Segment(long from, long position, long to, long bytesPerSecond) {}
