/** The event WebSocket of a packaged host, and what clients may do to each other. */
package dev.capstan.itest.events;
