package dev.capstan.room.provider.piece;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.download.DownloadException;
import dev.capstan.room.provider.piece.MemberSource.Holder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;

/**
 * R13: fetches a piece from one member, range by range, into a staging of its own, and makes it
 * content only if it has the promised digest. What is wrong or not whole leaves nothing.
 *
 * @param contents where it goes
 * @param source the members
 */
record MemberFetch(ContentStore contents, MemberSource source) {

    /**
     * Fetches it; blocks.
     *
     * @param sha256 the promised digest
     * @param holder whom it is asked of
     * @param name of the staging, used once
     * @param progress is told how many bytes are there
     * @throws IOException with a sentence for people if it did not come
     */
    Digest fetch(String sha256, Holder holder, String name, LongConsumer progress)
            throws IOException, InterruptedException {
        var promised = Digest.sha256(sha256);
        var request = new IngestRequest(new SourceKey("room", name), null);
        try (var ingest = contents.ingest(request)) {
            var isWhole = false;
            try {
                fill(ingest, promised, holder, progress);
                contents.commit(ingest, new CommitRequest(Set.of(promised), Set.of(promised)));
                isWhole = true;
            } finally {
                if (!isWhole) {
                    ingest.discard();
                }
            }
            return promised;
        } catch (DownloadException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void fill(Ingest ingest, Digest promised, Holder holder, LongConsumer progress)
            throws DownloadException, IOException, InterruptedException {
        try (var filler =
                ingest.fill().orElseThrow(() -> new IOException("It is being fetched already."))) {
            filler.identify(new Identity(holder.bytes(), Validator.NONE, null, Set.of(promised)));
            write(filler, promised.hex(), holder, progress);
        }
    }

    private void write(Filler filler, String sha256, Holder holder, LongConsumer progress)
            throws DownloadException, IOException, InterruptedException {
        var asked = new ArrayDeque<CompletableFuture<byte[]>>();
        var next = 0L;
        try (var lane = filler.lane(0)) {
            while (lane.position() < holder.bytes()) {
                while (asked.size() < MemberSource.MOST_RANGES && next < holder.bytes()) {
                    var range = range(sha256, next, holder);
                    asked.add(source.ask(holder.user(), range));
                    next += range.length();
                }
                var bytes = asked.remove().get();
                if (bytes.length != range(sha256, lane.position(), holder).length()) {
                    throw new IOException("It was not given.");
                }
                lane.write(ByteBuffer.wrap(bytes));
                progress.accept(lane.position());
            }
        } catch (ExecutionException e) {
            throw new IOException("It was not given.", e);
        }
    }

    private static PieceRange range(String sha256, long from, Holder holder) {
        var most = Math.min(MemberSource.MOST_BYTES, holder.bytes() - from);
        return new PieceRange(sha256, from, (int) most);
    }
}
