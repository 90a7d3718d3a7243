package dev.capstan.itest.deezer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.host.deezer.fake.Answer;
import dev.capstan.host.deezer.fake.Call;
import dev.capstan.host.deezer.fake.Endpoint;
import dev.capstan.host.deezer.fake.FakeDeezer;
import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import dev.capstan.itest.Control.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeezerTest {
    private static final int CALLS_PER_5S = 50;

    @TempDir Path root;
    private final FakeDeezer fake = FakeDeezer.start();
    private Capstan capstan;
    private Control control;

    @BeforeEach
    void makeRoom() throws IOException {
        capstan = new Capstan(root);
        control = new Control(capstan.data(), capstan.folder());
    }

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    @DisplayName("D1, D4, D6 to D10: lists, previews and refusals in one host")
    void listsPreviewsAndRefusals() throws Exception {
        var nights = fake.album(7).titled("Nights").by("Singer").released("2001-02-03");
        nights.disc(1, fake.tracks(1000, 70)).disc(2, fake.tracks(1070, 60));
        fake.playlist(8).titled("Mix").add(fake.tracks(2000, 449)).add(fake.track(2000));
        fake.playlist(8).changesAfter(2, fake.track(2999));
        fake.playlist(9).ownersOnly();
        for (var track : fake.tracks(1000, 130)) {
            track.by("Singer");
        }
        fake.track(1000).titled("AC/DC: ../Dawn");
        fake.track(1001).preview(null);

        try (var host =
                capstan.startHost(
                        options("--set", "dev.capstan.download.provider:maxConcurrent=2"))) {
            var full = control.add("deezer:track:1000?variant=full");
            var album = control.add("album_7");
            assertThat(ended(album).state()).isEqualTo("COMPLETED");
            anAlbumIsOneBatch();
            var playlist = control.add("--priority", "1", "http://deezer.com/fr/playlist/8/?utm=x");
            assertThat(ended(playlist).state()).isEqualTo("COMPLETED");
            aPlaylistIsOneBatch(playlist);
            aPrivatePlaylistIsRefused();
            previewsArrive();
            aFullTrackIsRefused(full);
            linksNameDownloads();

            aShorthandIsPlayed();

            assertThat(fake.mostPublicCallsIn(Duration.ofSeconds(5)))
                    .isLessThanOrEqualTo(CALLS_PER_5S);
            assertThat(fake.calls()).allMatch(call -> call.header("cookie").isEmpty());
            assertThat(host.terminate().exit()).isZero();
            var links = fake.calls(Endpoint.PREVIEW).stream().map(Call::path).toList();
            assertThat(links).hasSizeGreaterThan(8);
            assertThat(capstan.filesWith(links)).as("D10: a link is kept nowhere").isEmpty();
        }
    }

    private void anAlbumIsOneBatch() throws IOException {
        var members = members(1000, 1130);
        assertThat(links(members)).isEqualTo(links(1000, 130));
        assertThat(members.stream().map(row -> text(row, "batch")).distinct()).hasSize(1);
        assertThat(control.done("batches")).contains("Singer - Nights");
        assertThat(text(members.get(129), "name"))
                .isEqualTo("60 - Singer - " + title(1129) + " (preview).mp3");
    }

    private void aPlaylistIsOneBatch(String playlist) throws IOException {
        var members = members(2000, 2449);
        assertThat(links(members)).as("one is in it twice").isEqualTo(links(2000, 449));
        assertThat(members.stream().map(row -> text(row, "batch")).distinct()).hasSize(1);
        assertThat(control.done("batches")).contains("Mix");
        assertThat(text(members.get(199), "name")).startsWith("200 - ");
        assertThat(text(row("https://www.deezer.com/track/2999"), "name")).startsWith("01 - ");
        assertThat(control.done("show", playlist)).contains("changed while it was read");
    }

    private void aPrivatePlaylistIsRefused() throws Exception {
        var row = ended(control.add("--priority", "2", "playlist_9"));
        assertThat(row.state()).isEqualTo("FAILED");
        assertThat(row.error()).isEqualTo("ACCOUNT");
        assertThat(row.json()).contains("its owner only", "\"retries\":0");
    }

    private void previewsArrive() throws Exception {
        Capstan.await(
                "some previews",
                () -> rows().stream().filter(row -> row.state().equals("COMPLETED")).count() > 8);
        var first = row("https://www.deezer.com/track/1000");
        var music = capstan.data().resolve("downloads/Singer/Nights/CD 1");
        assertThat(Path.of(first.path()))
                .isEqualTo(music.resolve("01 - Singer - AC_DC_ .._Dawn (preview).mp3"));
        assertThat(Files.readAllBytes(Path.of(first.path())))
                .isEqualTo(fake.track(1000).preview().orElseThrow().bytes());
        var none = row("https://www.deezer.com/track/1001");
        assertThat(none.error()).isEqualTo("NOT_FOUND");
        assertThat(none.json()).contains("no preview offered", "\"retries\":0");
    }

    private void aFullTrackIsRefused(String full) throws IOException {
        var row = control.show(full);
        assertThat(row.state()).isEqualTo("FAILED");
        assertThat(row.error()).isEqualTo("DECRYPT");
        assertThat(row.json()).contains("?variant=preview", "\"retries\":0");
    }

    private void linksNameDownloads() throws Exception {
        var waiting = row("https://www.deezer.com/track/2440").id();
        control.done("pause", "track_2440");
        assertThat(control.show("deezer:track:2440").state()).isEqualTo("PAUSED");
        assertThat(control.show("http://deezer.com/track/2440?x").id()).isEqualTo(waiting);
        control.done("resume", "https://www.deezer.com/en/track/2440/");
        control.done("cancel", "track_2440");
        assertThat(control.show(waiting).state()).isEqualTo("CANCELLED");
        assertThat(control.call("show", "track_4711").err()).contains("no download of track_4711");
        assertThat(control.call("show", "artist_1").exit()).isNotZero();
    }

    private void aShorthandIsPlayed() throws IOException {
        fake.track(3000);
        assertThat(control.done("play", "track_3000")).startsWith("http://127.0.0.1:");
        assertThat(control.show("track_3000").state()).isNotEqualTo("FAILED");
    }

    @Test
    @DisplayName("D2, D9: one command fetches a preview, though the quota was used up at first")
    void aPreviewByOneCommand() throws Exception {
        fake.track(5).titled("Dawn").by("Singer");
        fake.fault(Endpoint.TRACK, Answer.quota()).times(1);

        var all = new ArrayList<>(List.of("get", "-d", "out", fake.track(5).link()));
        all.addAll(List.of(options()));
        var result = capstan.run(all.toArray(String[]::new));

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(capstan.folder().resolve("out/Singer - Dawn (preview).mp3"))
                .hasBinaryContent(fake.track(5).preview().orElseThrow().bytes());
        var calls = fake.calls(Endpoint.TRACK);
        assertThat(calls).hasSize(2);
        assertThat(Duration.between(calls.get(0).at(), calls.get(1).at()))
                .isGreaterThan(Duration.ofMillis(1_950));
    }

    private String[] options(String... more) {
        var options = new ArrayList<String>();
        for (var setting :
                List.of(
                        "host.deezer:apiUrl=" + fake.apiUrl(),
                        "host.deezer:previewHosts=" + fake.deliveryUrl().getHost(),
                        "host.deezer:callsPer5s=" + CALLS_PER_5S,
                        "transfer.http:allowedHosts=" + fake.deliveryUrl().getHost())) {
            options.add("--set");
            options.add("dev.capstan." + setting);
        }
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    private Row ended(String id) throws Exception {
        Capstan.await("the end of " + id, () -> show(id).isEnded());
        return show(id);
    }

    private Row show(String id) {
        try {
            return control.show(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Row> rows() {
        try {
            return control.list();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Row row(String link) {
        return rows().stream().filter(row -> row.link().equals(link)).findFirst().orElseThrow();
    }

    /** Rows of tracks, in the order they were listed in. */
    private List<Row> members(int from, int to) throws IOException {
        return rows().stream()
                .filter(row -> row.link().startsWith("https://www.deezer.com/track/"))
                .filter(row -> number(row) >= from && number(row) < to)
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
    }

    private static int number(Row row) {
        return Integer.parseInt(row.link().substring(row.link().lastIndexOf('/') + 1));
    }

    private static List<String> links(List<Row> rows) {
        return rows.stream().map(Row::link).toList();
    }

    private static List<String> links(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(id -> "https://www.deezer.com/track/" + id)
                .toList();
    }

    private static String title(int id) {
        return "Track " + id;
    }

    private static String text(Row row, String field) {
        var found = Pattern.compile("\"" + field + "\":\"?([^\"]*)").matcher(row.json());
        return found.find() ? found.group(1) : "";
    }
}
