/**
 * Finished and arriving bytes: digests, source keys, stored content, and readers that wait for what
 * is missing.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.content;
