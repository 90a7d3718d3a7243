/** Tags of media by a library that knows their formats. */
@org.jspecify.annotations.NullMarked
package dev.capstan.record.tags;
