/** The control socket: the verbs for other processes of the same user. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell.socket;
