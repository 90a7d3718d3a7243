/**
 * Records that are played in step by all hosts of a room (E8); transport and proof are the room's.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.room.provider.playing;
