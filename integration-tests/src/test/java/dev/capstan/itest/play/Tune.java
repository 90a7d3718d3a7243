package dev.capstan.itest.play;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Half a minute of noise in FLAC within MP4, made by ffmpeg: its index is at its end, so a player
 * has to read there before it can play. Beside it lies a silence, so that ffmpeg mixes the two
 * finely: some players read a whole run of one track before they play from its middle. An origin
 * that gives it gives each connection a part of what the tune needs, so that several are needed to
 * play it.
 */
final class Tune {
    static final int SECONDS = 60;
    static final int CONNECTIONS = 4;

    private final byte[] plain;

    private Tune(byte[] plain) {
        this.plain = plain;
    }

    static Tune make(Path folder) throws IOException, InterruptedException {
        var file = folder.resolve("tune.mp4");
        var noise = "anoisesrc=d=" + SECONDS + ":r=44100:a=0.1:seed=1";
        var silence = "anullsrc=r=8000:cl=mono:d=" + SECONDS;
        try (var ffmpeg =
                Program.start(
                        folder,
                        List.of(
                                "ffmpeg",
                                "-v",
                                "error",
                                "-f",
                                "lavfi",
                                "-i",
                                noise,
                                "-f",
                                "lavfi",
                                "-i",
                                silence,
                                "-map",
                                "0:a",
                                "-map",
                                "1:a",
                                "-ac:0",
                                "2",
                                "-c:a",
                                "flac",
                                "-strict",
                                "experimental",
                                file.toString()))) {
            if (ffmpeg.exit() != 0) {
                throw new AssertionError(ffmpeg.said());
            }
        }
        return new Tune(Files.readAllBytes(file));
    }

    int size() {
        return plain.length;
    }

    /** Serves it at 1.2 times its bit rate in all. */
    Origin serve(Origin origin, String path, boolean sealed) {
        var body = Body.of(sealed ? SealedHost.seal(plain) : plain);
        var pace = size() / SECONDS * 12 / 10 / CONNECTIONS;
        return origin.serve(path, Resource.of(body).pace(pace));
    }

    /** Whether a request begins where something after so many of a hundred parts is. */
    boolean isFrom(Exchange request, int percent) {
        return request.from() > (long) size() * (percent - 6) / 100
                && request.from() < (long) size() * (percent + 4) / 100;
    }
}
