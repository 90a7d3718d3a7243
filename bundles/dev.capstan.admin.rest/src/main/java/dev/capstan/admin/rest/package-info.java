/** The web server, and REST with its security. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.rest;
