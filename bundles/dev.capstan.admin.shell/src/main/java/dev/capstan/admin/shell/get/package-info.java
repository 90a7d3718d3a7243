/** Downloads that are followed to their end: {@code get}, {@code wait}, {@code watch}. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.get;
