/**
 * What the author of a room transport tests with: the clauses of {@link
 * dev.capstan.room.spi.RoomTransport}, and a transport within one process.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.tck.room;
