package dev.capstan.content.file;

import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents.Usage;
import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The parts of the store, put together and taken apart. */
record Store(
        FileChannel lock,
        Workers workers,
        Space space,
        Index index,
        Vault vault,
        Stage stage,
        Committer committer,
        Placer placer,
        Evictor evictor,
        Housekeeper housekeeper,
        Health health,
        Decryptors decryptors,
        InstantSource clock)
        implements Closeable {

    static Store open(
            Layout layout,
            Limits limits,
            InstantSource clock,
            Steps steps,
            Announcer announcer,
            Decryptors decryptors)
            throws IOException {
        layout.make();
        var lock = lock(layout.content().resolve("lock"));
        try {
            var store = assemble(lock, layout, limits, clock, steps, announcer, decryptors);
            store.housekeeper.start();
            return store;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Store assemble(
            FileChannel lock,
            Layout layout,
            Limits limits,
            InstantSource clock,
            Steps steps,
            Announcer announcer,
            Decryptors decryptors)
            throws IOException {
        var space = new Space(layout, limits.minFreeBytes());
        var index = Index.open(layout.content());
        var leases = new Leases();
        var vault = new Vault(layout, index, leases, announcer, clock, steps);
        var recovery = new Recovery(layout, index, leases);
        recovery.finishCommits(clock.instant());

        var workers = new Workers();
        var stage = new Stage(layout, space, workers, steps);
        var evictor = new Evictor(limits, space, index, vault, clock);
        space.onWant(evictor::makeRoom);
        return new Store(
                lock,
                workers,
                space,
                index,
                vault,
                stage,
                new Committer(
                        layout, space, index, leases, vault, decryptors, announcer, clock, steps),
                new Placer(vault),
                evictor,
                new Housekeeper(limits, index, vault, stage, recovery, evictor, workers, clock),
                new Health(layout, limits, space, index, vault),
                decryptors,
                clock);
    }

    /** Two stores on one folder would evict and enter past each other. */
    private static FileChannel lock(Path path) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // The same, in this process.
        }
        channel.close();
        throw new IOException(path.getParent() + " is in use by another content store");
    }

    /**
     * Opens what there is of a source's unfinished bytes, or null.
     *
     * @param onlyBegun whether a transfer that has not been answered yet counts as nothing
     */
    @Nullable ContentReader openArriving(SourceKey source, boolean onlyBegun)
            throws DownloadException {
        var found = stage.openForReading(source);
        if (found.isEmpty()) {
            return null;
        }
        var staging = found.get();
        if (onlyBegun && !staging.hasBegun()) {
            staging.releaseReader();
            return null;
        }
        return reader(staging);
    }

    /** Makes a reader of a staging that was acquired for it. */
    ContentReader reader(Staging staging) throws DownloadException {
        var opened = false;
        try {
            var cipher = staging.cipher();
            var reader =
                    new LiveReader(staging, vault, cipher == null ? null : decryptors.open(cipher));
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                staging.releaseReader();
            }
        }
    }

    Usage usage() {
        var totals = index.totals();
        var most = 0L;
        var free = 0L;
        try {
            most = evictor.maxBytes();
            free = space.free();
        } catch (IOException e) {
            // A volume that cannot be asked has no room; the health check says why.
        }
        return new Usage(
                totals.items(),
                totals.bytes(),
                totals.heldBytes(),
                stage.bytes(),
                vault.quarantined(),
                most,
                free);
    }

    boolean isStopped() {
        return stage.isGone();
    }

    /** H2a: everything under way ends soon; what is being filled is checkpointed. */
    void stop() {
        stage.close();
        placer.stop();
    }

    @Override
    public void close() {
        workers.close();
        try (lock) {
            index.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
