/** Metalink 4 documents (RFC 5854), which hosts are given and answers refer to. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.metalink.spi;
