/**
 * Origins that break every rule, case by case, and what a client may make of each. {@link
 * dev.capstan.tck.hostile.HostileCases#all} is the table; {@link
 * dev.capstan.tck.hostile.HostileOrigin} runs one of its cases and judges whoever fetched from it.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.tck.hostile;
