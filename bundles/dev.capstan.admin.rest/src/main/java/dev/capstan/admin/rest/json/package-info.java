/** The JSON of what REST and events tell; one shape of a thing for all of them. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.rest.json;
