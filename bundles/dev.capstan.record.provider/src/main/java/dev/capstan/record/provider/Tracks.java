package dev.capstan.record.provider;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.download.DownloadException;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.Track;
import dev.capstan.record.spi.TagReader.Tags;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/** What is to be known of content so that it can be a track: its type, its checksums, its tags. */
final class Tracks {
    private final Contents contents;
    private final Tagging tagging;
    private final Supplier<String[]> mediaTypes;

    /**
     * Creates it.
     *
     * @param mediaTypes the types that are media, as configured
     */
    Tracks(Contents contents, Tagging tagging, Supplier<String[]> mediaTypes) {
        this.contents = contents;
        this.tagging = tagging;
        this.mediaTypes = mediaTypes;
    }

    /**
     * Makes a track of content. Reads all of it once, for MD5 (E2).
     *
     * @param title what it is called where its tags say nothing
     * @throws RecordException with NOT_MEDIA, UNAVAILABLE
     */
    Track make(URI link, Content content, String title)
            throws RecordException, InterruptedException {
        try (var reader = open(content.digest())) {
            var type = judge(reader, link);
            var md5 = contents.digest(content.digest(), Digest.MD5);
            var tags = tagging.read(content.path(), type);
            return new Track(
                    titled(tags, title),
                    link,
                    content.digest(),
                    md5,
                    content.size(),
                    type,
                    tags.duration(),
                    tags.tags());
        } catch (DownloadException e) {
            throw Faults.of(e);
        }
    }

    /** The content of a track, if it is here. */
    Optional<Content> find(Track track) {
        var sha256 = track.sha256();
        var md5 = track.md5();
        return sha256 != null
                ? contents.find(sha256)
                : md5 == null ? Optional.empty() : contents.find(md5);
    }

    /** Opens content that must be here. */
    ContentReader open(Digest digest) throws RecordException {
        return reader(digest)
                .orElseThrow(
                        () ->
                                new RecordException(
                                        Reason.UNAVAILABLE,
                                        "The content left the store meanwhile; try again."));
    }

    /** Opens content, if it is here. */
    Optional<ContentReader> reader(Digest digest) throws RecordException {
        try {
            return contents.open(digest);
        } catch (IOException e) {
            throw new RecordException(
                    Reason.UNAVAILABLE, "The store cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What bytes are by how they begin; waits for as many of them as that takes.
     *
     * @return their media type
     * @throws RecordException with NOT_MEDIA
     */
    String judge(ContentReader reader, URI link)
            throws RecordException, DownloadException, InterruptedException {
        var buffer = ByteBuffer.allocate(MediaTypes.LOOKED_AT);
        while (buffer.hasRemaining() && reader.read(buffer.position(), buffer) > 0) {
            // until there is enough, or no more
        }
        var head = Arrays.copyOf(buffer.array(), buffer.position());
        var type = MediaTypes.of(head);
        if (type != null && MediaTypes.isOneOf(type, mediaTypes.get())) {
            return type;
        }
        var shown = link.getHost() == null ? link.getScheme() : link.getHost();
        var what =
                MediaTypes.isPage(head)
                        ? "a web page"
                        : type == null ? "no media that is known here" : type;
        throw new RecordException(
                Reason.NOT_MEDIA,
                "What " + shown + " answered is not media that can be etched: it is " + what + ".");
    }

    private static String titled(Tags tags, String title) {
        var said = tags.tags().get("title");
        return said == null || said.isBlank() ? title : said.strip();
    }
}
