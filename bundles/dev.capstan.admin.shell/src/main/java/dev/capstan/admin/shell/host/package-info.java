/** What the host offers to the verbs, and what it tells them. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.host;
