/** Moves bytes over HTTP and is the guarded client for everybody else's requests. */
@org.jspecify.annotations.NullMarked
package dev.capstan.transfer.http;
