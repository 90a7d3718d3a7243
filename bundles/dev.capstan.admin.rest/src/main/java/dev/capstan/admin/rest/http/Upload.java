package dev.capstan.admin.rest.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** A body that is a file, sent as it is: no form, which a page of any site could send. */
public final class Upload {
    static final long MOST_BYTES = 64L << 20;

    private static final Set<String> TYPES =
            Set.of("application/octet-stream", "application/java-archive", "application/json");

    private Upload() {}

    /** Refuses by its head what would be refused when it is here. */
    public static void admit(HttpServletRequest request) throws ProblemException {
        var type = String.valueOf(request.getContentType()).split(";", 2)[0].strip();
        if (!TYPES.contains(type.toLowerCase(Locale.ROOT))) {
            throw new ProblemException(
                    415,
                    "UNSUPPORTED",
                    "A file is sent as it is, with Content-Type: application/octet-stream.");
        }
        checkSize(request.getContentLengthLong());
    }

    /** The file that came. */
    static Path of(HttpServletRequest request) throws ProblemException, IOException {
        var file = ArrivingBodies.file(request);
        if (file.isEmpty() || Files.size(file.get()) == 0) {
            throw ProblemException.malformed("The body is empty; it has to be the file.");
        }
        checkSize(Files.size(file.get()));
        return file.get();
    }

    private static void checkSize(long bytes) throws ProblemException {
        if (bytes > MOST_BYTES) {
            throw ProblemException.tooLarge("A file may have 64 MiB at most.");
        }
    }
}
