/** The verbs of rooms. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.room;
