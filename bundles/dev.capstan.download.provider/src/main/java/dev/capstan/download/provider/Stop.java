package dev.capstan.download.provider;

/** Why a run ends before its time; what becomes of its row follows from it alone. */
enum Stop {
    /** A user paused it. */
    PAUSE,
    /** A user cancelled it. */
    CANCEL,
    /** It lasts as long as somebody reads it, and nobody does any more (P15). */
    UNHEARD,
    /** Fewer downloads may run at once than do. */
    YIELD,
    /** Its host's bundle went. */
    HOST_GONE,
    /** The engine that moved its bytes went, or none is there for its links. */
    ENGINE_GONE,
    /** The decryptor of an enciphered file is away. */
    DECRYPTOR_GONE,
    /** The orchestrator stops; the row stays as it is and is recovered at the next start (Q2). */
    SHUTDOWN,
    /** The row is gone or belongs to another owner; nothing may be written any more. */
    LOST
}
