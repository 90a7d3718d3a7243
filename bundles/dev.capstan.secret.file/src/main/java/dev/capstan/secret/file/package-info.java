/** Secrets in private files or the environment. */
@org.jspecify.annotations.NullMarked
package dev.capstan.secret.file;
