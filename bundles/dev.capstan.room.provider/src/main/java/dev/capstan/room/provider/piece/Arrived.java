package dev.capstan.room.provider.piece;

import java.nio.file.Path;

/**
 * A piece in its folder.
 *
 * @param sha256 of its bytes as they came
 * @param bytes how many those were
 * @param folder where it lies
 */
record Arrived(String sha256, long bytes, Path folder) {}
