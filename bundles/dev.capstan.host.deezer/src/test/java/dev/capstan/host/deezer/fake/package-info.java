/**
 * Deezer as its clients know it, on loopback: public API, account gateway, media service and
 * delivery, with faults that a test switches. All audio is generated, all secrets are made up, and
 * nothing in it knows the host or the decryptor that are tested.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.host.deezer.fake;
