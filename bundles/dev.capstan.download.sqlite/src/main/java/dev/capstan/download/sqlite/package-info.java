/** Keeps downloads in one SQLite database. */
@org.jspecify.annotations.NullMarked
package dev.capstan.download.sqlite;
