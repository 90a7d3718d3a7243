package dev.capstan.content.file;

import dev.capstan.download.DownloadException;
import dev.capstan.health.HealthCheck.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Looks whether the store can do its work. */
final class Health {
    private static final int SAMPLE_ITEMS = 20;
    private static final long SAMPLE_BYTES = 1L << 29;

    private final Layout layout;
    private final Limits limits;
    private final Space space;
    private final Index index;
    private final Vault vault;

    Health(Layout layout, Limits limits, Space space, Index index, Vault vault) {
        this.layout = layout;
        this.limits = limits;
        this.space = space;
        this.index = index;
        this.vault = vault;
    }

    List<Finding> check(boolean thorough) {
        var findings = new ArrayList<Finding>();
        checkFolder(layout.content(), findings);
        checkFolder(layout.staging(), findings);
        checkSpace(findings);
        if (vault.quarantined() > 0) {
            findings.add(
                    Finding.warning(
                            vault.quarantined() + " damaged items are set aside.",
                            "Look at the disk; then remove what is in "
                                    + layout.quarantine()
                                    + "."));
        }
        if (thorough) {
            checkSample(findings);
        }
        var totals = index.totals();
        if (findings.isEmpty()) {
            findings.add(
                    Finding.ok(
                            totals.items()
                                    + " items of "
                                    + Disk.bytes(totals.bytes())
                                    + " in "
                                    + layout.content()
                                    + ", "
                                    + Disk.bytes(totals.heldBytes())
                                    + " of them pinned or placed."));
        }
        return findings;
    }

    private static void checkFolder(Path folder, List<Finding> findings) {
        try {
            Files.delete(Files.createTempFile(folder, "probe", null));
        } catch (IOException e) {
            findings.add(
                    Finding.failed(
                            "The folder " + folder + " cannot be written: " + e.getMessage(),
                            "Give the host the right to write there, or configure another folder."));
        }
    }

    private void checkSpace(List<Finding> findings) {
        try {
            if (space.shortage() > 0) {
                findings.add(
                        Finding.warning(
                                "Only "
                                        + Disk.bytes(space.free())
                                        + " are free on the volume of "
                                        + layout.content()
                                        + ", less than the "
                                        + Disk.bytes(limits.minFreeBytes())
                                        + " that should stay free.",
                                "Make room on that volume."));
            }
        } catch (IOException e) {
            findings.add(
                    Finding.failed(
                            "The volume of " + layout.content() + " cannot be looked at: " + e,
                            "Look whether it is mounted."));
        }
    }

    /** Hashes some items again, from a random one on. */
    private void checkSample(List<Finding> findings) {
        var start = String.format("%02x", ThreadLocalRandom.current().nextInt(256));
        var sample =
                Stream.concat(
                                index.after(start, SAMPLE_ITEMS).stream(),
                                index.after(null, SAMPLE_ITEMS).stream())
                        .distinct()
                        .filter(item -> item.size() <= SAMPLE_BYTES)
                        .limit(SAMPLE_ITEMS)
                        .toList();
        var left = SAMPLE_BYTES;
        for (var item : sample) {
            left -= item.size();
            if (left < 0) {
                return;
            }
            try {
                if (!vault.verify(item.hex())) {
                    findings.add(
                            Finding.failed(
                                    "Content " + item.hex() + " was damaged and is set aside.",
                                    "Look at the disk; fetch the content again."));
                }
            } catch (DownloadException e) {
                findings.add(Finding.warning(String.valueOf(e.getMessage()), "Look at the disk."));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
