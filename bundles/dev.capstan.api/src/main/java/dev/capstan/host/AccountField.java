package dev.capstan.host;

/**
 * One value that an account is made of, as an operator is asked for it.
 *
 * @param name the name it is set by
 * @param secret whether it must not be seen while it is typed
 */
public record AccountField(String name, boolean secret) {}
