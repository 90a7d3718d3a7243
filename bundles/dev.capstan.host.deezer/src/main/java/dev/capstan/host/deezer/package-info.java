/** Tracks, albums and playlists of Deezer: their names, and the preview of each track. */
@org.jspecify.annotations.NullMarked
package dev.capstan.host.deezer;
