/** Names and places: what makes a foreign name safe, and where the data folder keeps what. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.capstan.name;
