package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Source;
import dev.capstan.download.Trust;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.Locale;

/** P13: files of the operator's own machine, which are read where they are. */
final class LocalFile {
    private LocalFile() {}

    /** Whether a link names one, and not a Metalink document, which names others. */
    static boolean isMeant(Source source) {
        var link = source.canonical().toLowerCase(Locale.ROOT);
        return link.startsWith("file:") && !link.replaceFirst("#.*", "").endsWith(".meta4");
    }

    /** The file a source names. */
    static Path of(Source source) throws DownloadException {
        try {
            return of(URI.create(source.canonical()), source.trust());
        } catch (IllegalArgumentException e) {
            throw none(e);
        }
    }

    /** The file a direct link names. */
    static Path of(URI link, Trust trust) throws DownloadException {
        if (trust != Trust.OPERATOR) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    "file: links are for the operator's own command line only.");
        }
        try {
            return Path.of(link);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw none(e);
        }
    }

    private static DownloadException none(RuntimeException cause) {
        return new DownloadException(
                ErrorClass.NOT_FOUND, "The link names no local file: " + cause.getMessage(), cause);
    }
}
