/** The verbs as Gogo commands, and the prompt. Loaded only where Gogo is. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.gogo;
