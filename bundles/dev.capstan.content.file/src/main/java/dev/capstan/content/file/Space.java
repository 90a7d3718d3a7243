package dev.capstan.content.file;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room on the volumes (P4). */
final class Space {

    /** Gives up what may be given up. */
    @FunctionalInterface
    interface Room {
        void make(long bytes);
    }

    private final Layout layout;
    private final FileStore staging;
    private final FileStore content;
    private final long minFree;
    private volatile Room room = bytes -> {};

    Space(Layout layout, long minFree) throws IOException {
        this.layout = layout;
        this.minFree = minFree;
        staging = Files.getFileStore(layout.staging());
        content = Files.getFileStore(layout.content());
    }

    void onWant(Room maker) {
        room = maker;
    }

    /** Whether finished bytes can be renamed into the content folder. */
    boolean isOneVolume() {
        return staging.equals(content);
    }

    long free() throws IOException {
        return content.getUsableSpace();
    }

    long total() throws IOException {
        return content.getTotalSpace();
    }

    /** More than this will never be here, whatever is given up. */
    long most() throws DownloadException {
        try {
            return Math.max(staging.getTotalSpace(), content.getTotalSpace());
        } catch (IOException e) {
            throw cannotTell(e);
        }
    }

    /** How far the volume of the content is below what must stay free. */
    long shortage() throws IOException {
        return minFree - free();
    }

    /**
     * Looks for room; unpinned content is given up for it.
     *
     * @param bytes that will be written to staging
     * @param copy bytes that commit will write beside them
     * @param others bytes that running transfers will still write
     */
    void require(long bytes, long copy, long others) throws DownloadException {
        try {
            if (isOneVolume()) {
                require(content, layout.staging(), bytes + copy, others);
            } else {
                require(staging, layout.staging(), bytes, others);
                require(content, layout.content(), Math.max(bytes, copy), 0);
            }
        } catch (IOException e) {
            throw cannotTell(e);
        }
    }

    private DownloadException cannotTell(IOException e) {
        return Disk.error(e, layout.staging(), "The free space cannot be told");
    }

    /** Looks for room for a second file beside one in staging. */
    void requireForContent(long bytes) throws DownloadException {
        try {
            require(content, layout.content(), bytes, 0);
        } catch (IOException e) {
            throw Disk.error(e, layout.content(), "The free space cannot be told");
        }
    }

    private void require(FileStore volume, Path at, long bytes, long others)
            throws IOException, DownloadException {
        var needed = bytes + others + minFree;
        var usable = volume.getUsableSpace();
        if (usable < needed && volume.equals(content)) {
            room.make(needed - usable);
            usable = volume.getUsableSpace();
        }
        if (usable < needed) {
            throw new DownloadException(
                    ErrorClass.DISK_FULL,
                    "Not enough space in "
                            + at
                            + ": "
                            + Disk.bytes(bytes)
                            + " are needed"
                            + (others > 0 ? " besides " + Disk.bytes(others) + " of others" : "")
                            + ", "
                            + Disk.bytes(usable)
                            + " are free"
                            + (minFree > 0 ? " and " + Disk.bytes(minFree) + " stay free" : "")
                            + "; make room on that volume.");
        }
    }
}
