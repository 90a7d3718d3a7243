package dev.capstan.content.spi;

import dev.capstan.content.Digest;
import java.nio.file.Path;

/**
 * A file under its human name.
 *
 * @param path where it is
 * @param digest SHA-256 of its bytes
 * @param size bytes
 * @param wasThere whether equal bytes stood there already, so that nothing was done
 */
public record Placed(Path path, Digest digest, long size, boolean wasThere) {}
