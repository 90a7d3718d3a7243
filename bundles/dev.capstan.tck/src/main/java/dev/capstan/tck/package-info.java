/**
 * Contract tests for authors, and what their own tests need: a scripted HTTP origin, and a host in
 * the process of the test.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.tck;
