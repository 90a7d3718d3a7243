/**
 * What the author of a cipher tests with: the clauses of {@link dev.capstan.decrypt.spi.Decryptor}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.tck.decrypt;
