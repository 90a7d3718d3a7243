/** Etched records: a name, a link and a checksum, etched once and played anywhere. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.record;
