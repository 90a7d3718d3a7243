/** Carries rooms over WebSockets, on a listener that has nothing else. */
@org.jspecify.annotations.NullMarked
package dev.capstan.room.websocket;
