/**
 * What fakes of services have in common: what a test has told them to do, and what was asked of
 * them. The fake says what a call and an answer are.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.tck.script;
