/** What members say to each other: handshake, signed messages, state, goodbye (R7–R13). */
@org.jspecify.annotations.NullMarked
package dev.capstan.room.provider.protocol;
