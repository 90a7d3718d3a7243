package dev.capstan.download;

import java.util.List;

/**
 * Which bytes of a download are here (P1) and which somebody waits for (P11).
 *
 * @param present parts that are here, ascending; they neither touch nor overlap
 * @param demanded parts that readers asked for and that are not here yet, ascending
 */
public record Arrival(List<Part> present, List<Part> demanded) {

    /** Nothing is here, and nothing is asked for. */
    public static final Arrival NONE = new Arrival(List.of(), List.of());

    /** Creates a snapshot; lists are copied. */
    public Arrival {
        present = List.copyOf(present);
        demanded = List.copyOf(demanded);
    }

    /**
     * Some bytes that follow each other.
     *
     * @param from first byte
     * @param to first byte after
     */
    public record Part(long from, long to) {}
}
