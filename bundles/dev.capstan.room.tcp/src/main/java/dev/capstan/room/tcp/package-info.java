/** Carries rooms over TCP: to an address, or to whoever is found in the local network. */
@org.jspecify.annotations.NullMarked
package dev.capstan.room.tcp;
