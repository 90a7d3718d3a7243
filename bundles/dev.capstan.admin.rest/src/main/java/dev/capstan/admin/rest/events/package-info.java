/** Events over a WebSocket: one hub, and clients that cannot slow each other (W1). */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.rest.events;
