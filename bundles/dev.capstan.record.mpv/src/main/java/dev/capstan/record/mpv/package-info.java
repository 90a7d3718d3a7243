/** Plays etched records aloud with mpv, where it is installed. */
@org.jspecify.annotations.NullMarked
package dev.capstan.record.mpv;
