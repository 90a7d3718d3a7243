/**
 * The command line of a host.
 *
 * <p>Sub-packages, none of which knows one that stands after it: {@code text} lays out what is
 * printed, {@code call} says what a verb is and what it is given, {@code host} what the host
 * offers, {@code get} follows downloads to their end, {@code verb} has one class for each verb,
 * {@code socket} serves them to other processes, {@code gogo} at the prompt. Only {@code gogo}
 * knows Gogo; where that is not installed it is never loaded.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.shell;
