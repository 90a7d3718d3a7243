/** The verbs, one class each, over the host's services. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.verb;
