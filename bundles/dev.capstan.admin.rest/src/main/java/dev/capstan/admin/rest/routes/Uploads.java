package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.name.DataFolder;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Takes files that are sent in, of {@value #MOST_BYTES} bytes at most. Safe for any thread. */
@Component(service = Uploads.class)
public final class Uploads {
    private static final long MOST_BYTES = 64L << 20;
    private static final Set<String> TYPES =
            Set.of("application/octet-stream", "application/java-archive", "application/json");

    private final Path folder;

    /** Takes where they may lie meanwhile. */
    @Activate
    public Uploads(BundleContext context) {
        folder = DataFolder.of(context).run();
    }

    /** A file that was sent in, there until this is closed. */
    record Upload(Path file) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
        }
    }

    /** Takes the body of a request. */
    Upload take(HttpServletRequest request) throws ProblemException, IOException {
        var type = String.valueOf(request.getContentType()).split(";", 2)[0].strip();
        if (!TYPES.contains(type.toLowerCase(Locale.ROOT))) {
            throw new ProblemException(
                    415,
                    "UNSUPPORTED",
                    "A file is sent as it is, with Content-Type: application/octet-stream.");
        }
        if (request.getContentLengthLong() > MOST_BYTES) {
            throw tooLarge();
        }
        Files.createDirectories(folder);
        var file = Files.createTempFile(folder, "upload-", "");
        try (var out = Files.newOutputStream(file)) {
            var in = request.getInputStream();
            var block = new byte[1 << 16];
            var size = 0L;
            for (int count; (count = in.read(block)) >= 0; ) {
                size += count;
                if (size > MOST_BYTES) {
                    throw tooLarge();
                }
                out.write(block, 0, count);
            }
            if (size == 0) {
                throw ProblemException.malformed("The body is empty; it has to be the file.");
            }
            return new Upload(file);
        } catch (ProblemException | IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static ProblemException tooLarge() {
        return new ProblemException(413, "TOO_LARGE", "A file may have 64 MiB at most.");
    }
}
