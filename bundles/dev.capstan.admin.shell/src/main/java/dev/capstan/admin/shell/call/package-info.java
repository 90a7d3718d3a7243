/** What a verb is, what it is given, and how a call ends. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.call;
