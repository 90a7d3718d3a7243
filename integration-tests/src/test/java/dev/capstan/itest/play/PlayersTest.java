package dev.capstan.itest.play;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.web.Browser;
import dev.capstan.tck.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real players play a file from an origin that gives hardly more than they need, seek to nine
 * tenths before those bytes are there, and go on (P11, E10): plain and enciphered, with four
 * connections at work. They wait for what arrives, so they do so at the same time.
 */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class PlayersTest {
    private static final int PERCENT = 90;

    @TempDir static Path root;
    private static Playing host;
    private static Tune tune;
    private final Origin origin = Origin.plain();

    @BeforeAll
    static void start() throws Exception {
        Program.needs("ffmpeg");
        tune = Tune.make(root);
        host = new Playing(Files.createDirectory(root.resolve("host")));
    }

    @AfterAll
    static void end() throws Exception {
        if (host != null) {
            host.close();
        }
    }

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mpvSeeksWhileTheFileArrives(boolean sealed) throws Exception {
        Program.needs("mpv");
        try (var mpv = new Mpv(folder(), link(sealed, "/mpv.mp4"))) {
            seeks(mpv);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void vlcSeeksWhileTheFileArrives(boolean sealed) throws Exception {
        Program.needs("cvlc");
        try (var vlc = new Vlc(folder(), link(sealed, "/vlc.mp4"))) {
            seeks(vlc);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBrowserSeeksWhileTheFileArrives(boolean sealed) throws Exception {
        Browser.needed();
        try (var chromium = new Chromium(folder(), link(sealed, "/chromium.mp4"))) {
            seeks(chromium);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ffmpegReadsFromTheMiddleWhileTheFileArrives(boolean sealed) throws Exception {
        var link = link(sealed, "/ffmpeg.mp4");
        Capstan.await("four connections", () -> origin.openConnections() >= Tune.CONNECTIONS);

        var command =
                List.of(
                        "ffmpeg",
                        "-v",
                        "error",
                        "-ss",
                        "" + Tune.SECONDS * PERCENT / 100,
                        "-i",
                        link,
                        "-t",
                        "2",
                        "-f",
                        "framecrc",
                        "-");
        try (var ffmpeg = Program.start(folder(), command)) {
            assertThat(ffmpeg.exit()).as(ffmpeg::said).isZero();
            assertThat(ffmpeg.said().lines().filter(line -> line.startsWith("0,")))
                    .hasSizeGreaterThan(10);
        }
        cameFirst();
    }

    private void seeks(Player player) throws Exception {
        Capstan.await("it plays", () -> position(player) > 0);
        Capstan.await("four connections", () -> origin.openConnections() >= Tune.CONNECTIONS);

        var goal = Tune.SECONDS * PERCENT / 100.0;
        player.seek(goal);

        Capstan.await("it plays on", () -> position(player) >= goal + 1);
        cameFirst();
    }

    /**
     * The bytes that the player went to came before those between: by a request that begins there,
     * of the reader, or of a connection that happened to begin there.
     */
    private void cameFirst() {
        var log = origin.log();
        assertThat(origin.bodyBytes()).as(log::toString).isLessThan(tune.size() * 8L / 10);
        assertThat(log).anyMatch(request -> tune.isFrom(request, PERCENT));
    }

    private static double position(Player player) {
        assertThat(player.runs()).as("The player runs").isTrue();
        try {
            return player.position();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String link(boolean sealed, String path) throws IOException {
        tune.serve(origin, path, sealed);
        var link = origin.uri(path).toString();
        var id =
                host.control.add(
                        "-x",
                        "" + Tune.CONNECTIONS,
                        sealed ? link.replace("http:", "sealed:") : link);
        return host.play(id).toString();
    }

    private static Path folder() throws IOException {
        return Files.createTempDirectory(root, "player");
    }
}
