package dev.capstan.record.tags;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.record.spi.TagReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jaudiotagger.audio.AudioFile;
import org.jaudiotagger.audio.AudioFileIO;
import org.jaudiotagger.audio.exceptions.CannotReadException;
import org.jaudiotagger.audio.exceptions.InvalidAudioFrameException;
import org.jaudiotagger.audio.exceptions.ReadOnlyFileException;
import org.jaudiotagger.tag.FieldKey;
import org.jaudiotagger.tag.TagException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Reads the tags of audio by jaudiotagger. Safe for any number of threads: each reads its own. */
@Component
public final class AudioTagReader implements TagReader {
    /** Kept, since settings of a logger nobody holds are lost. It tells every oddity of a file. */
    private static final Logger NOISE = Logger.getLogger("org.jaudiotagger");

    /** The library goes by the extension of a name, which content does not have. */
    private static final Map<String, String> EXTENSIONS =
            Map.of(
                    "audio/mpeg", "mp3",
                    "audio/flac", "flac",
                    "audio/ogg", "ogg",
                    "audio/mp4", "m4a",
                    "video/mp4", "mp4",
                    "audio/wav", "wav",
                    "audio/aiff", "aif",
                    "audio/x-dsf", "dsf",
                    "video/x-ms-asf", "wma");

    private static final Map<FieldKey, String> NAMES =
            new EnumMap<>(
                    Map.of(
                            FieldKey.TITLE, "title",
                            FieldKey.ARTIST, "artist",
                            FieldKey.ALBUM, "album",
                            FieldKey.TRACK, "track",
                            FieldKey.YEAR, "year",
                            FieldKey.GENRE, "genre"));

    /** Creates the reader. */
    @Activate
    public AudioTagReader() {
        NOISE.setLevel(Level.OFF);
    }

    @Override
    public Tags read(Path file, String mediaType) throws DownloadException {
        var extension = EXTENSIONS.get(mediaType);
        if (extension == null) {
            return Tags.NONE;
        }
        try {
            return tags(AudioFileIO.readAs(file.toFile(), extension));
        } catch (IOException e) {
            throw new DownloadException(ErrorClass.IO, file + " cannot be read", e);
        } catch (CannotReadException
                | TagException
                | ReadOnlyFileException
                | InvalidAudioFrameException e) {
            throw new DownloadException(ErrorClass.PROTOCOL, file + " cannot be understood", e);
        }
    }

    private static Tags tags(AudioFile audio) {
        var found = new HashMap<String, String>();
        var tag = audio.getTag();
        if (tag != null) {
            NAMES.forEach(
                    (key, name) -> {
                        var value = tag.hasField(key) ? tag.getFirst(key) : "";
                        if (value != null && !value.isBlank()) {
                            found.put(name, value.strip());
                        }
                    });
        }
        var header = audio.getAudioHeader();
        var seconds = header == null ? 0 : header.getPreciseTrackLength();
        var duration = seconds > 0 ? Duration.ofMillis(Math.round(seconds * 1_000)) : null;
        return new Tags(duration, found);
    }
}
