package dev.capstan.record.spi;

import dev.capstan.download.DownloadException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads what a media file says of itself. What it finds serves for naming and showing only, and no
 * record is worse for not having it.
 *
 * <ul>
 *   <li><b>G1</b> The file is finished content: it is read, and never written, moved or linked.
 *   <li><b>G2</b> Whatever it throws, and whatever it does not do in 10 seconds, costs the file its
 *       tags and nothing else; its thread is interrupted then.
 *   <li><b>G3</b> Names of tags are lower-case: {@code title}, {@code artist}, {@code album},
 *       {@code track}, {@code year}, {@code genre}; others are kept as they are. Values of more
 *       than 1,000 characters are cut, and more than 64 tags are left out.
 * </ul>
 *
 * <p>Safe for any number of threads.
 */
@ConsumerType
public interface TagReader {

    /**
     * Reads the tags of a file.
     *
     * @param file a read-only file, whose name has no extension
     * @param mediaType what it is by its content
     * @return what it says; {@link Tags#NONE} where the reader does not know the type
     * @throws DownloadException with any class if the file cannot be understood
     * @throws InterruptedException if the thread was interrupted
     */
    Tags read(Path file, String mediaType) throws DownloadException, InterruptedException;

    /**
     * What a file says of itself.
     *
     * @param duration how long it plays, or null if it does not tell
     * @param tags names and values
     */
    record Tags(@Nullable Duration duration, Map<String, String> tags) {

        /** It says nothing. */
        public static final Tags NONE = new Tags(null, Map.of());

        /** Creates tags; the map is copied. */
        public Tags {
            tags = Map.copyOf(tags);
        }
    }
}
