/** The verbs for etched records. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.record;
