package dev.capstan.download.provider;

import dev.capstan.content.Content;
import dev.capstan.content.Digest;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The digests that were promised for plain bytes, and whether bytes that are here have them. */
final class Proof {
    private static final int BLOCK = 256 * 1024;

    private final ContentStore contents;
    private final Set<Digest> promised;

    Proof(ContentStore contents, Set<Digest> promised) {
        this.contents = contents;
        this.promised = Set.copyOf(promised);
    }

    Set<Digest> promised() {
        return promised;
    }

    /** Tells whether anything was promised. */
    boolean isDemanded() {
        return !promised.isEmpty();
    }

    /** Content that has all promised digests, whatever its source; null if none is known. */
    @Nullable Content find(Leash leash) throws DownloadException, Stopped {
        for (var digest : promised) {
            var content = contents.find(digest).orElse(null);
            if (content != null && holdsFor(content, leash)) {
                return content;
            }
        }
        return null;
    }

    /** Tells whether content has all promised digests; reads it where the store does not know. */
    boolean holdsFor(Content content, Leash leash) throws DownloadException, Stopped {
        for (var digest : promised) {
            if (!isOf(content, digest)
                    && (digest.algorithm().equals(Digest.SHA_256)
                            || !digest.equals(hash(content.path(), digest, leash)))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Demands the promised digests of a file.
     *
     * @throws DownloadException with CHECKSUM if it has others, NOT_FOUND, IO
     */
    void demand(Path file, Leash leash) throws DownloadException, Stopped {
        for (var digest : promised) {
            var actual = hash(file, digest, leash);
            if (!digest.equals(actual)) {
                throw new DownloadException(
                        ErrorClass.CHECKSUM,
                        file + " has " + actual + ", and " + digest + " was promised.");
            }
        }
    }

    /**
     * Tells whether content has all promised digests, as far as the store knows without reading.
     */
    boolean isKnownFor(Content content) {
        return promised.stream().allMatch(digest -> isOf(content, digest));
    }

    private boolean isOf(Content content, Digest digest) {
        return content.digest().equals(digest)
                || contents.find(digest)
                        .filter(other -> other.digest().equals(content.digest()))
                        .isPresent();
    }

    private static Digest hash(Path file, Digest like, Leash leash)
            throws DownloadException, Stopped {
        return leash.interruptible(
                () -> {
                    try (var channel = FileChannel.open(file)) {
                        var hash = MessageDigest.getInstance(like.jdkName());
                        var block = ByteBuffer.allocate(BLOCK);
                        while (channel.read(block) >= 0) {
                            hash.update(block.flip());
                            block.clear();
                        }
                        return Digest.of(like.algorithm(), hash.digest());
                    } catch (ClosedByInterruptException e) {
                        throw new InterruptedException();
                    } catch (NoSuchFileException e) {
                        throw new DownloadException(
                                ErrorClass.NOT_FOUND, file + " is not there.", e);
                    } catch (IOException e) {
                        throw new DownloadException(
                                ErrorClass.IO, file + " cannot be read: " + e.getMessage(), e);
                    } catch (NoSuchAlgorithmException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }
}
