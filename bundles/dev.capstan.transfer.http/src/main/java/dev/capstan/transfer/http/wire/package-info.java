/** Guarded connections: from an address to the framed body of an answer. */
@org.jspecify.annotations.NullMarked
package dev.capstan.transfer.http.wire;
