package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.text.Units;
import dev.capstan.health.HealthCheck;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Space, rights and clock: what the host needs of the machine it is on. */
record DataFolderCheck(DataFolder data) implements HealthCheck {
    private static final long LITTLE = 1L << 30;
    private static final Duration DRIFT = Duration.ofMinutes(2);

    private static final String NAME_IN_CHINESE = "\u540d";

    /** No clock that is right shows an earlier time: this code was written after it. */
    private static final Instant WRITTEN = Instant.parse("2025-11-01T00:00:00Z");

    @Override
    public List<Finding> check(boolean thorough) {
        var findings = new ArrayList<Finding>();
        findings.add(rights());
        findings.add(space());
        findings.add(clock());
        findings.add(names());
        return findings;
    }

    private Finding rights() {
        var root = data.root();
        try {
            var probe = Files.createTempFile(root, ".doctor-", "");
            Files.delete(probe);
            return Finding.ok(root + " is writable.");
        } catch (IOException e) {
            return Finding.failed(
                    root + " cannot be written: " + e.getMessage(),
                    "Give this user the right to write there, or choose another folder with"
                            + " --data.");
        }
    }

    private Finding space() {
        try {
            var free = Files.getFileStore(data.root()).getUsableSpace();
            var sentence = Units.bytes(free) + " are free on its volume.";
            return free >= LITTLE
                    ? Finding.ok(sentence)
                    : Finding.warning(
                            sentence,
                            "Free some space: \"capstan cache evict\" removes stored items,"
                                    + " \"capstan rm\" unfinished downloads.");
        } catch (IOException e) {
            return Finding.failed(
                    "The free space cannot be told: " + e.getMessage(),
                    "Check that the volume of " + data.root() + " is mounted.");
        }
    }

    /** Waiting times and certificates go by the clock. */
    private Finding clock() {
        var now = Instant.now();
        var newest = newest();
        var early = now.isBefore(WRITTEN);
        if (early || newest.isAfter(now.plus(DRIFT))) {
            var sentence = early ? " long past." : ", before files here were written.";
            return Finding.failed(
                    "The clock says " + now + sentence,
                    "Set it right: certificates and waiting times go by it.");
        }
        return Finding.ok("The clock is plausible.");
    }

    private Finding names() {
        return canName(NAME_IN_CHINESE)
                ? Finding.ok("Files can have names in any language.")
                : Finding.failed(
                        "Files with names beyond ASCII cannot be written in this locale.",
                        "Start Capstan with LC_ALL=C.UTF-8.");
    }

    private boolean canName(String name) {
        try {
            return data.downloads().resolve(name).endsWith(name);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private Instant newest() {
        var newest = Instant.EPOCH;
        for (var path : List.of(data.root(), data.db(), data.content(), data.staging())) {
            var modified = modified(path);
            newest = modified.isAfter(newest) ? modified : newest;
        }
        return newest;
    }

    private static Instant modified(Path path) {
        try {
            return Files.getLastModifiedTime(path).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }
}
