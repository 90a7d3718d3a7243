package dev.capstan.access;

import java.util.Locale;
import java.util.Optional;

/**
 * What a caller of a face may do; each scope covers those before it (S5). Programs get one of the
 * smaller scopes, so that no browser extension holds what can install code.
 */
public enum Scope {
    /** What is told to anybody who reaches the face. */
    NOBODY,
    /** Reading downloads, batches, statistics, records and hosts. */
    READ,
    /** Changing downloads and batches too. */
    DOWNLOADS,
    /** Everything: accounts, plug-ins, settings. */
    ADMINISTRATOR;

    /**
     * Tells whether it suffices.
     *
     * @param needed what is needed
     * @return whether a caller of this scope may do it
     */
    public boolean covers(Scope needed) {
        return compareTo(needed) >= 0;
    }

    /**
     * As command lines and files name it.
     *
     * @return one word in lower case
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The scope of a program that a word names.
     *
     * @param word {@code read} or {@code downloads}
     * @return empty for any other word: nobody else can be given the administrator's scope
     */
    public static Optional<Scope> ofProgram(String word) {
        return switch (word) {
            case "read" -> Optional.of(READ);
            case "downloads" -> Optional.of(DOWNLOADS);
            default -> Optional.empty();
        };
    }
}
