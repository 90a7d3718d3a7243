/**
 * Fshare as its clients know it, on loopback: account API, folder listing and delivery, with faults
 * that a test switches. Nothing in it knows the host that is tested.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.host.fshare.fake;
