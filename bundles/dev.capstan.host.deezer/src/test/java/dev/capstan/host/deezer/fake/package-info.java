/**
 * Deezer as its clients know it, on loopback: the public API and the delivery of previews, with
 * faults that a test switches. All audio is generated, and nothing in it knows the host that is
 * tested.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.host.deezer.fake;
