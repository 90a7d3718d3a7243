/**
 * The queue of downloads as callers see it: what to fetch, in which state it is, and how to steer
 * it.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.download;
