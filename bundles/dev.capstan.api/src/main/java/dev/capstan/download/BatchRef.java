package dev.capstan.download;

/**
 * The batch a download belongs to.
 *
 * @param id a ULID
 * @param name what a person calls it
 */
public record BatchRef(String id, String name) {}
