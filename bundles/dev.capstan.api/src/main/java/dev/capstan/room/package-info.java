/** Rooms: a fixed set of users who bring each other to the same verified set of pieces. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.room;
