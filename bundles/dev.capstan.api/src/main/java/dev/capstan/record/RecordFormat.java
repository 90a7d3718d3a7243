package dev.capstan.record;

/** How records are written down to be handed on (E7). */
public enum RecordFormat {
    /** Everything a record holds, any number of records. */
    JSON,
    /** A playlist that any player reads; checksums stand in comments of it. */
    M3U8
}
