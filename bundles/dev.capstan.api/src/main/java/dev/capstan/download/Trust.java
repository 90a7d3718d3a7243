package dev.capstan.download;

/** Who gave a link, and so how far it may reach (S1). */
public enum Trust {
    /** Typed by the operator in the shell or on the command line: may name private addresses. */
    OPERATOR,
    /** Came over a network face, a room, a list or a redirect: public addresses only. */
    NETWORK
}
