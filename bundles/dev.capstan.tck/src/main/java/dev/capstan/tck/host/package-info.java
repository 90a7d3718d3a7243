/**
 * What the author of a host tests with: the clauses of {@link dev.capstan.host.spi.HostResolver} as
 * a suite to inherit from, and what the orchestrator would give.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.tck.host;
