package dev.capstan.transfer.http.move;

import static dev.capstan.metalink.spi.MetalinkDocument.MEDIA_TYPE;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.metalink.spi.MetalinkDocument;
import dev.capstan.metalink.spi.MetalinkFile;
import dev.capstan.transfer.http.wire.Block;
import dev.capstan.transfer.http.wire.Caller;
import dev.capstan.transfer.http.wire.Reply;
import dev.capstan.transfer.http.wire.Request;
import java.io.ByteArrayOutputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Metalink document that an answer says describes the file (RFC 6249): it is read beside the
 * transfer, which neither waits for it nor fails with it. Used by the coordinator only.
 */
final class Description {
    private static final System.Logger LOG = System.getLogger(Description.class.getName());
    private static final int LONGEST = 1 << 20;
    private static final long WITHIN = TimeUnit.SECONDS.toNanos(10);

    private final Executor executor;
    private final Caller caller;
    private final Consumer<Event> told;
    private final String name;
    private final String userAgent;
    private boolean reading;
    private boolean wasRead;

    /**
     * A document was read.
     *
     * @param file what it says, or null if it says nothing that can be used
     * @param addresses of the file
     * @param edition of the file that it describes
     */
    record Read(@Nullable MetalinkFile file, List<Course.Duplicate> addresses, int edition)
            implements Event {}

    /**
     * Nothing is read yet.
     *
     * @param told learns what was read
     * @param name of the thread that reads
     */
    Description(
            Executor executor, Caller caller, Consumer<Event> told, String name, String userAgent) {
        this.executor = executor;
        this.caller = caller;
        this.told = told;
        this.name = name;
        this.userAgent = userAgent;
    }

    /** Reads the first of some documents, unless one was read before. */
    void read(List<Course.Duplicate> documents, int edition) {
        if (documents.isEmpty() || reading || wasRead) {
            return;
        }
        reading = true;
        var document = documents.get(0);
        executor.execute(
                () -> {
                    Thread.currentThread().setName(name);
                    told.accept(read(document, edition));
                });
    }

    void rest() {
        reading = false;
        wasRead = true;
    }

    /** Whether a document is being read. */
    boolean isBusy() {
        return reading;
    }

    private Read read(Course.Duplicate document, int edition) {
        var request =
                Request.get(document.target(), document.mayBePrivate())
                        .with(
                                Map.of(
                                        "User-Agent",
                                        userAgent,
                                        "Accept",
                                        MEDIA_TYPE,
                                        "Accept-Encoding",
                                        "identity"));
        try (var reply = caller.call(request, WITHIN)) {
            if (reply.head().status() != 200) {
                return nothing(document, "answered " + reply.head().status(), edition);
            }
            var files = MetalinkDocument.parse(body(reply));
            // One of several would have to be guessed.
            return files.size() == 1
                    ? new Read(files.get(0), addresses(files.get(0), reply), edition)
                    : nothing(document, "describes " + files.size() + " files", edition);
        } catch (DownloadException e) {
            return nothing(document, e.getMessage(), edition);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Read(null, List.of(), edition);
        }
    }

    private static Read nothing(Course.Duplicate document, @Nullable String why, int edition) {
        LOG.log(Level.DEBUG, () -> "Description at " + document.target().shown() + ": " + why);
        return new Read(null, List.of(), edition);
    }

    private static byte[] body(Reply reply) throws DownloadException {
        var block = new Block();
        var all = new ByteArrayOutputStream();
        for (var bytes = reply.next(block, LONGEST);
                bytes != null;
                bytes = reply.next(block, LONGEST)) {
            var part = new byte[bytes.remaining()];
            bytes.get(part);
            all.writeBytes(part);
            if (all.size() > LONGEST) {
                throw new DownloadException(ErrorClass.PROTOCOL, "it is longer than it may be");
            }
        }
        return all.toByteArray();
    }

    /** What it names reaches no further than it does itself, and is as secure without a digest. */
    private static List<Course.Duplicate> addresses(MetalinkFile file, Reply reply) {
        var base = reply.request();
        var reach = base.mayBePrivate() && reply.isFromPrivate();
        var found = new ArrayList<Course.Duplicate>();
        for (var uri : file.addresses()) {
            try {
                var target = base.target().follow(uri.toString());
                if (target.secure() || !base.target().secure() || file.digest() != null) {
                    found.add(new Course.Duplicate(target, reach));
                }
            } catch (DownloadException e) {
                LOG.log(Level.DEBUG, "An address of a description is passed over", e);
            }
        }
        return found;
    }
}
