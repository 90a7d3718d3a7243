package dev.capstan.download;

/**
 * Who reads the bytes of a download while they arrive (P14).
 *
 * @param id the download
 * @param readers how many readers are open
 * @param position the first byte after the furthest that one of them has read
 */
public record Reading(String id, int readers, long position) {}
