/** Brings pieces to this host: found, fetched, verified, unpacked (R4–R6). */
@org.jspecify.annotations.NullMarked
package dev.capstan.room.provider.piece;
