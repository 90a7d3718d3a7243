/** What the host's parts can be told, what they were told, and how that is kept. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.rest.settings;
