/** What players read: links, ranges, and the bytes while they arrive. */
@org.jspecify.annotations.NullMarked
package dev.capstan.admin.rest.stream;
