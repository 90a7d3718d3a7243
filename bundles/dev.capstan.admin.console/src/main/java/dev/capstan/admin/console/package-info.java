/** Capstan's part of the Felix Web Console. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.console;
