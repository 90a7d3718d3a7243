package dev.capstan.room.provider.protocol;

/** Names of messages and of the fields of their headers (R8, R10). */
final class Types {
    /** Member: who I say I am, the room and configuration I mean, and my nonce. */
    static final String HELLO = "hello";

    /** Maker: both nonces, signed, which proves who the maker is; it is the maker's nonce. */
    static final String CHALLENGE = "challenge";

    /** Member: both nonces, signed, which proves who the member is. */
    static final String PROOF = "proof";

    /** Maker: you are not taken, and why; names the hello it answers. */
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

    /** R13: I want a range of a piece. */
    static final String WANT = "want";

    /** R13: here it is; without content: it is not given. */
    static final String GIVE = "give";

    /** Names what is wanted, between the two sides of a connection. */
    static final String ASK = "ask";

    /** The user who is asked. */
    static final String HOLDER = "holder";

    /** The promised SHA-256 of a piece. */
    static final String PIECE = "piece";

    /** The first byte that is wanted. */
    static final String FROM = "from";

    /** How many bytes are wanted. */
    static final String LENGTH = "length";

    /** The SHA-256 of the configuration. */
    static final String CONFIG = "config";

    /** 32 random bytes of whoever sends it. */
    static final String NONCE = "nonce";

    /** The nonce of the other side. */
    static final String ANSWER = "answer";

    /** The session of the other side. */
    static final String PEER = "peer";

    /** The SHA-256 of the whole frame of a hello, so that nobody is refused by another's. */
    static final String GREETING = "greeting";

    /** A sentence. */
    static final String REASON = "reason";

    private Types() {}
}
