/**
 * Names and places: what makes a foreign name safe, where the data folder keeps what, and how a
 * small file gets there whole.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.name;
