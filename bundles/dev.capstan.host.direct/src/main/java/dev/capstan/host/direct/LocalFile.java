package dev.capstan.host.direct;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.RemoteFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/** A file of the operator's own. */
final class LocalFile {
    /** A file that was written a moment ago may be written again within the same tick. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private LocalFile() {}

    static RemoteFile of(URI uri, Trust trust) throws DownloadException {
        return read(uri, trust, (path, attributes) -> described(uri, path, attributes));
    }

    /**
     * The bytes of a small one.
     *
     * @throws DownloadException with PROTOCOL if it is larger than it may be
     */
    static byte[] bytes(URI uri, Trust trust, int most) throws DownloadException {
        var bytes =
                read(
                        uri,
                        trust,
                        (path, attributes) -> {
                            try (var in = Files.newInputStream(path)) {
                                return in.readNBytes(most + 1);
                            }
                        });
        if (bytes.length > most) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL, Path.of(uri) + " is larger than " + most + " bytes");
        }
        return bytes;
    }

    /** What is done with a file that is there and may be read. */
    private interface Reading<T> {
        T read(Path path, BasicFileAttributes attributes) throws IOException;
    }

    private static <T> T read(URI uri, Trust trust, Reading<T> reading) throws DownloadException {
        if (trust != Trust.OPERATOR) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    "A file: link is taken from the operator's shell and command line only");
        }
        var path = Path.of(uri);
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new DownloadException(
                        ErrorClass.IO,
                        path
                                + " is a "
                                + (attributes.isDirectory() ? "folder" : "device")
                                + ", not a file");
            }
            if (!Files.isReadable(path)) {
                throw new DownloadException(ErrorClass.IO, "This user may not read " + path);
            }
            return reading.read(path, attributes);
        } catch (NoSuchFileException e) {
            throw new DownloadException(ErrorClass.NOT_FOUND, "There is no file " + path, e);
        } catch (IOException e) {
            throw new DownloadException(ErrorClass.IO, path + " cannot be read", e);
        }
    }

    private static RemoteFile described(URI uri, Path path, BasicFileAttributes attributes)
            throws IOException {
        var file =
                RemoteFile.of(new SourceKey(DirectHost.NAME, uri.toString()), DirectLink.of(uri))
                        .name(path.getFileName().toString())
                        .size(attributes.size());
        // Unlike the time of modification, this one cannot be set back.
        var changed = ((FileTime) Files.getAttribute(path, "unix:ctime")).toInstant();
        return changed.isBefore(Instant.now().minus(SETTLED))
                ? file.revision(attributes.size() + "-" + changed + "-" + attributes.fileKey())
                : file;
    }
}
