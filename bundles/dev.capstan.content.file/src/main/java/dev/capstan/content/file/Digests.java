package dev.capstan.content.file;

import dev.capstan.content.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Several digests of the same bytes, in one reading. Used by one thread. */
final class Digests {
    /**
     * Larger blocks were no faster to read and hash, smaller ones slower; a direct buffer was a
     * twentieth faster than an array, which is copied once more.
     */
    static final int BLOCK = 1 << 18;

    private final Map<String, MessageDigest> running = new TreeMap<>();

    Digests(Collection<String> algorithms) {
        for (var algorithm : algorithms) {
            running.put(algorithm, start(algorithm));
        }
    }

    /** The algorithms of what was promised. */
    static Set<String> algorithms(Collection<Digest> promised) {
        return promised.stream().map(Digest::algorithm).collect(Collectors.toSet());
    }

    static MessageDigest start(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + algorithm, e);
        }
    }

    /** Reads a whole file; ends with the first block after an interruption. */
    static Set<Digest> of(DiskFile file, Collection<String> algorithms)
            throws IOException, InterruptedException {
        var digests = new Digests(algorithms);
        var block = ByteBuffer.allocateDirect(BLOCK);
        for (var position = 0L; ; ) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            var read = file.read(block.clear(), position);
            if (read == 0) {
                return digests.finish();
            }
            digests.update(block.flip());
            position += read;
        }
    }

    /** The same for a file that is not open. */
    static Set<Digest> of(Path path, Collection<String> algorithms)
            throws IOException, InterruptedException {
        if (algorithms.isEmpty()) {
            return Set.of();
        }
        try (var file = DiskFile.read(path)) {
            return of(file, algorithms);
        }
    }

    /** The SHA-256 of a file. */
    static Digest sha256(Path path) throws IOException, InterruptedException {
        return of(path, List.of(Digest.SHA_256)).iterator().next();
    }

    /** Takes what is between position and limit, and leaves both. */
    void update(ByteBuffer bytes) {
        for (var digest : running.values()) {
            digest.update(bytes.duplicate());
        }
    }

    Set<Digest> finish() {
        return running.entrySet().stream()
                .map(entry -> Digest.of(entry.getKey(), entry.getValue().digest()))
                .collect(Collectors.toSet());
    }
}
