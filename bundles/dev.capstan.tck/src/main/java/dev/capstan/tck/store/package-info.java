/**
 * What the author of a store tests with: the clauses of {@link
 * dev.capstan.download.spi.DownloadStore} and {@link dev.capstan.content.spi.ContentStore} that
 * hold for every one, processes that are killed included.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.tck.store;
