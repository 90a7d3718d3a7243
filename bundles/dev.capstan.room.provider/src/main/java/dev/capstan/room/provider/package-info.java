/** Rooms as a service, and the life of each room this host is in. */
@org.jspecify.annotations.NullMarked
package dev.capstan.room.provider;
