package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.Digest;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes content of a complete part (P3): sync, verify, decipher and hash, sync, rename, sync of the
 * folder, index, and only then the staging is dropped. Killed at any instant, the content is absent
 * or whole: before the rename staging serves the next try, after it {@link Recovery} finishes.
 */
final class Committer {
    private static final System.Logger LOG = System.getLogger(Committer.class.getName());

    private final Layout layout;
    private final Space space;
    private final Index index;
    private final Leases leases;
    private final Vault vault;
    private final Decryptors decryptors;
    private final Announcer announcer;
    private final InstantSource clock;
    private final Steps steps;

    Committer(
            Layout layout,
            Space space,
            Index index,
            Leases leases,
            Vault vault,
            Decryptors decryptors,
            Announcer announcer,
            InstantSource clock,
            Steps steps) {
        this.layout = layout;
        this.space = space;
        this.index = index;
        this.leases = leases;
        this.vault = vault;
        this.decryptors = decryptors;
        this.announcer = announcer;
        this.clock = clock;
        this.steps = steps;
    }

    /**
     * What is to be published.
     *
     * @param file what becomes the item
     * @param digests of it, SHA-256 among them
     */
    private record Plain(Path file, Set<Digest> digests) {
        String hex() {
            return digests.stream()
                    .filter(digest -> digest.algorithm().equals(Digest.SHA_256))
                    .findFirst()
                    .orElseThrow()
                    .hex();
        }
    }

    Content commit(Staging staging, CommitRequest request)
            throws DownloadException, InterruptedException {
        staging.beginCommit();
        try {
            var earlier = staging.published();
            if (earlier != null) {
                return recheck(earlier, staging, request);
            }
            var part = staging.part();
            part.seal();
            try {
                return make(staging, part, request);
            } catch (ClosedChannelException e) {
                throw part.failed(e);
            } catch (IOException e) {
                throw Disk.error(e, layout.content(), "The download cannot be made content");
            } finally {
                if (staging.published() == null) {
                    part.unseal();
                }
            }
        } finally {
            staging.endCommit();
        }
    }

    private Content make(Staging staging, Part part, CommitRequest request)
            throws DownloadException, IOException, InterruptedException {
        requireWhole(part);
        var length = part.identity().length();
        if (part.data().size() > length) {
            part.data().truncate(length);
        }
        steps.reached(Steps.Step.BEFORE_DATA_SYNC);
        part.sync();
        steps.reached(Steps.Step.DATA_SYNCED);

        Plain plain;
        try {
            plain = verify(staging, part, request);
        } catch (DownloadException e) {
            if (e.errorClass() == ErrorClass.CHECKSUM) {
                staging.dropBytes();
            }
            throw e;
        }
        var content = publish(staging, part, plain);
        announcer.committed(plain.hex(), length);
        return content;
    }

    private static void requireWhole(Part part) throws DownloadException {
        var length = part.identity().length();
        if (!part.isWhole()) {
            var missing = length - part.downloaded();
            throw new DownloadException(
                    ErrorClass.PROTOCOL,
                    length < 0
                            ? "The download is not complete: its length is not known."
                            : "The download is not complete: " + Disk.bytes(missing) + " miss.");
        }
    }

    private Plain verify(Staging staging, Part part, CommitRequest request)
            throws DownloadException, IOException, InterruptedException {
        var cipher = staging.cipher();
        return cipher == null && space.isOneVolume()
                ? verifyInPlace(part, request)
                : verifyCopy(
                        staging, part, cipher == null ? null : decryptors.open(cipher), request);
    }

    private Plain verifyInPlace(Part part, CommitRequest request)
            throws DownloadException, IOException, InterruptedException {
        var promised = new HashSet<>(request.plain());
        promised.addAll(request.wire());
        var digests = new HashSet<Digest>();
        digests.add(part.finishHash());
        // What was not hashed as it came is read once, for all that is asked together.
        var others = new HashSet<>(Digests.algorithms(promised));
        others.remove(Digest.SHA_256);
        if (!others.isEmpty()) {
            digests.addAll(Digests.of(part.data(), others));
        }
        compare(promised, digests);
        steps.reached(Steps.Step.HASHED);
        return new Plain(part.data().path(), digests);
    }

    private Plain verifyCopy(
            Staging staging,
            Part part,
            Decryptor.@Nullable Transform transform,
            CommitRequest request)
            throws DownloadException, IOException, InterruptedException {
        var length = part.identity().length();
        space.requireForContent(length);
        var copy = layout.incoming().resolve(staging.key());
        var algorithms = new HashSet<>(Digests.algorithms(request.plain()));
        algorithms.add(Digest.SHA_256);
        var result =
                PlainCopy.write(
                        part, transform, copy, Digests.algorithms(request.wire()), algorithms);
        steps.reached(Steps.Step.PLAIN_WRITTEN);
        try {
            compare(request.wire(), result.wire());
            compare(request.plain(), result.plain());
        } catch (DownloadException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
        return new Plain(copy, result.plain());
    }

    private static void compare(Collection<Digest> promised, Set<Digest> computed)
            throws DownloadException {
        for (var digest : promised) {
            if (!computed.contains(digest)) {
                var found =
                        computed.stream()
                                .filter(d -> d.algorithm().equals(digest.algorithm()))
                                .toList();
                throw new DownloadException(
                        ErrorClass.CHECKSUM,
                        "The bytes that came are not the promised ones: "
                                + digest
                                + " was promised, they have "
                                + found.get(0)
                                + ".");
            }
        }
    }

    private Content publish(Staging staging, Part part, Plain plain)
            throws IOException, DownloadException, InterruptedException {
        var hex = plain.hex();
        // An item that looks changed is hashed here, and set aside if it is damaged.
        var known = vault.hold(hex);
        if (known.isEmpty()) {
            leases.hold(hex);
        }
        Content content = null;
        try {
            content = name(staging, part, plain, known.orElse(null));
            staging.publish(content, () -> leases.release(hex));
        } finally {
            if (content == null) {
                leases.release(hex);
            }
        }
        dropStaging(staging, hex);
        return content;
    }

    /** The journal stays while the index could not be written: the next start enters the item. */
    private void dropStaging(Staging staging, String hex) {
        try {
            if (index.isWritten(hex)) {
                Disk.removeFolder(layout.staged(staging.key()));
                steps.reached(Steps.Step.STAGING_DROPPED);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Staging of content {0} was not removed: {1}", hex, e);
        }
    }

    private Content name(Staging staging, Part part, Plain plain, @Nullable Item known)
            throws IOException, DownloadException {
        var hex = plain.hex();
        var target = layout.item(hex);
        leases.name(hex);
        try {
            part.publishing(hex);
            steps.reached(Steps.Step.INTENT_WRITTEN);
            var state = known != null ? known.file() : rename(part, plain.file(), target);
            if (!plain.file().equals(target)) {
                Files.deleteIfExists(plain.file());
            }
            steps.reached(Steps.Step.BEFORE_INDEX);
            var item = enter(staging, part, plain, state);
            steps.reached(Steps.Step.INDEXED);
            return vault.content(item, staging.source());
        } finally {
            leases.named(hex);
        }
    }

    private FileState rename(Part part, Path file, Path target) throws IOException {
        Disk.makeFolder(target.getParent());
        Disk.makeReadOnly(file);
        steps.reached(Steps.Step.MADE_READ_ONLY);
        var data = part.data();
        var moves = data.path().equals(file);
        if (moves) {
            data.willMoveTo(target);
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        if (moves) {
            data.moved();
        }
        steps.reached(Steps.Step.RENAMED);
        Disk.syncFolder(target.getParent());
        steps.reached(Steps.Step.FOLDER_SYNCED);
        return FileState.of(target);
    }

    private Item enter(Staging staging, Part part, Plain plain, FileState state) {
        var now = clock.instant();
        var identity = part.identity();
        var origin = new Item.Origin(staging.source(), identity.validator(), now);
        return index.change(
                        plain.hex(),
                        true,
                        before -> {
                            var item =
                                    before != null && before.file().equals(state)
                                            ? before
                                            : Item.verified(before, plain.hex(), state, now);
                            return item.withUsed(now)
                                    .withDigests(plain.digests())
                                    .withOrigin(origin, identity.mediaType());
                        })
                .orElseThrow();
    }

    /** Another caller made the same bytes content; its own promises are still to be kept. */
    private Content recheck(Content content, Staging staging, CommitRequest request)
            throws DownloadException, InterruptedException {
        var promised = new HashSet<>(request.plain());
        if (staging.cipher() == null) {
            promised.addAll(request.wire());
        }
        var computed = new HashSet<>(List.of(content.digest()));
        try {
            computed.addAll(Digests.of(content.path(), Digests.algorithms(promised)));
        } catch (IOException e) {
            throw Disk.error(e, content.path(), content.path() + " cannot be read");
        }
        compare(promised, computed);
        return content;
    }
}
