package dev.capstan.content.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Names the current boot of the machine: what was written to files since then is in the page cache,
 * synced or not. Where the system does not name its boots every process is taken for one, so that
 * only what was synced is believed.
 */
final class BootId {
    static final String CURRENT = read();

    private BootId() {}

    private static String read() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return UUID.randomUUID().toString();
        }
    }
}
