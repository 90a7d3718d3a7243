package dev.capstan.room.provider.protocol;

/** Names of messages and of the fields of their headers (R8, R10). */
final class Types {
    /** Member: who I say I am, the room and configuration I mean, and my nonce. */
    static final String HELLO = "hello";

    /** Maker: both nonces, signed, which proves who the maker is; it is the maker's nonce. */
    static final String CHALLENGE = "challenge";

    /** Member: both nonces, signed, which proves who the member is. */
    static final String PROOF = "proof";

    /** Maker: you are not taken, and why; names the nonce of the hello it answers. */
    static final String REFUSED = "refused";

    /** How things stand: of the sender's own pieces, or, from the maker, of everybody's. */
    static final String STATE = "state";

    /** Member: pieces of mine that moved. */
    static final String PROGRESS = "progress";

    /** Member: pieces of mine that failed. */
    static final String ERROR = "error";

    /** Member: pieces of mine that are there. Maker: everybody has everything. */
    static final String FINISHED = "finished";

    /** I leave; from the maker with a content: those in it left. */
    static final String GOODBYE = "goodbye";

    /** The SHA-256 of the configuration. */
    static final String CONFIG = "config";

    /** 32 random bytes of whoever sends it. */
    static final String NONCE = "nonce";

    /** The nonce of the other side. */
    static final String ANSWER = "answer";

    /** The session of the other side. */
    static final String PEER = "peer";

    /** A sentence. */
    static final String REASON = "reason";

    private Types() {}
}
