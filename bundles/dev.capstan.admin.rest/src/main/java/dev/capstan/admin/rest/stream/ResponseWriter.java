package dev.capstan.admin.rest.stream;

import dev.capstan.admin.rest.http.Percent;
import dev.capstan.admin.rest.stream.ByteRange.Part;
import dev.capstan.content.ContentReader;
import dev.capstan.download.DownloadException;
import dev.capstan.name.SafeNames;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes what a reader gives as an answer (RFC 9110 §14, §15.3.7). Nothing is sent before the first
 * byte is there, so that what fails before has a status of its own; then every byte is sent as soon
 * as it comes.
 */
final class ResponseWriter {
    /** Many streams wait for years with a small one; one that flows gets a large one. */
    private static final int SMALL_BLOCK = 8 << 10;

    private static final int LARGE_BLOCK = 128 << 10;

    private final HttpServletResponse response;
    private boolean hasBegun;

    ResponseWriter(HttpServletResponse response) {
        this.response = response;
    }

    /** Whether something has been sent, so that another status can no longer be told. */
    boolean hasBegun() {
        return hasBegun || response.isCommitted();
    }

    /** The response as if nothing had been tried. */
    HttpServletResponse fresh() {
        response.reset();
        return response;
    }

    void write(String name, Demand demand, ContentReader reader)
            throws DownloadException, IOException, InterruptedException {
        if (reader.length().isEmpty()) {
            // Whoever knows the first byte that is asked for knows the length, if anybody does.
            reader.read(demand.position(), ByteBuffer.allocate(1));
        }
        var tags = Tags.of(reader);
        tags.best().ifPresent(tag -> response.setHeader("ETag", tag));
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
        if (demand.knows(tags)) {
            response.setStatus(304);
            return;
        }
        var length = reader.length().orElse(-1);
        var part = new Part(0, length < 0 ? Long.MAX_VALUE : length);
        var range = demand.range(tags);
        if (length >= 0) {
            response.setHeader("Accept-Ranges", "bytes");
            if (range.isPresent()) {
                var found = range.get().within(length);
                if (found.isEmpty()) {
                    response.setHeader("Content-Range", "bytes */" + length);
                    response.setStatus(416);
                    return;
                }
                part = found.get();
                response.setStatus(206);
                response.setHeader(
                        "Content-Range",
                        "bytes " + part.from() + "-" + (part.to() - 1) + "/" + length);
            }
            response.setContentLengthLong(part.to() - part.from());
        }
        response.setHeader("Content-Type", mediaType(name, reader));
        response.setHeader("Content-Disposition", disposition(name));
        if (!demand.headOnly()) {
            copy(reader, part, length >= 0);
        }
    }

    private void copy(ContentReader reader, Part part, boolean isBounded)
            throws DownloadException, IOException, InterruptedException {
        var block = ByteBuffer.allocate(SMALL_BLOCK);
        var out = response.getOutputStream();
        for (var at = part.from(); at < part.to(); ) {
            block.clear();
            block.limit((int) Math.min(block.capacity(), part.to() - at));
            var count = reader.read(at, block);
            if (count < 0) {
                if (isBounded) {
                    throw new EOFException("The content ends before its length");
                }
                return;
            }
            hasBegun = true;
            out.write(block.array(), 0, count);
            out.flush();
            at += count;
            if (count == SMALL_BLOCK) {
                block = ByteBuffer.allocate(LARGE_BLOCK);
            }
        }
    }

    private static String mediaType(String name, ContentReader reader)
            throws DownloadException, InterruptedException {
        var named = MediaTypes.ofName(name);
        if (named.isPresent()) {
            return named.get();
        }
        var beginning = ByteBuffer.allocate(MediaTypes.BYTES);
        while (beginning.hasRemaining()) {
            if (reader.read(beginning.position(), beginning) < 0) {
                break;
            }
        }
        return MediaTypes.ofBeginning(beginning.array(), beginning.position());
    }

    /** RFC 6266: the name in ASCII for old clients, and as it is. */
    private static String disposition(String name) {
        var safe = SafeNames.fileName(name, "content");
        var plain = safe.replaceAll("[^ -~]|[\"\\\\%]", "_");
        return "inline; filename=\"" + plain + "\"; filename*=UTF-8''" + Percent.encode(safe);
    }
}
