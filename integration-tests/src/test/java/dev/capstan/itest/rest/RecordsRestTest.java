package dev.capstan.itest.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Etched records over REST. */
@Timeout(120)
class RecordsRestTest {
    private static final int SIZE = 400_000;

    @TempDir static Path root;
    private static AdminHost host;
    private static Origin origin;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.plain();
        host = new AdminHost(root, "--allow-private-networks");
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
        origin.close();
    }

    @Test
    @DisplayName("E1, E3, E10: etched, listed, played from the store, removed")
    void aRecordIsEtchedPlayedAndRemoved() throws Exception {
        origin.serve("/one.mp3", Resource.of(song(1)));
        origin.serve("/two.mp3", Resource.of(song(2)));

        var etched =
                host.post(
                        "/records",
                        """
                        {"name":"Two songs","author":"Somebody","urls":["%s","%s"]}"""
                                .formatted(origin.uri("/one.mp3"), origin.uri("/two.mp3")));

        assertThat(etched.status()).as(etched.text()).isEqualTo(201);
        var record = etched.json();
        var id = record.getString("id");
        assertThat(record.getBoolean("here")).isTrue();
        assertThat(record.getJsonArray("tracks").getValuesAs(JsonObject.class))
                .extracting(track -> track.getString("sha256"))
                .containsExactly(song(1).sha256(), song(2).sha256());
        assertThat(host.get("/records/" + id).json()).isEqualTo(record);
        assertThat(host.get("/records").items("id")).contains(id);
        assertThat(host.get("/records/" + id + "/tracks").items("title")).hasSize(2);
        assertThat(host.get("/records/" + id + "/playtime").status()).isEqualTo(404);

        var requests = origin.log().size();
        var play = host.post("/records/" + id + "/play", "{\"track\":1}");
        var stream = host.send("GET", play.json().getString("url"), null);
        assertThat(stream.status()).isEqualTo(200);
        assertThat(host.post("/records/" + id + "/prefetch").status()).isEqualTo(202);
        assertThat(origin.log()).as("all of it is here").hasSize(requests);

        assertThat(host.delete("/records/" + id).status()).isEqualTo(204);
        assertThat(host.get("/records/" + id).status()).isEqualTo(404);
        assertThat(host.delete("/records/" + id).status()).isEqualTo(404);
    }

    @Test
    @DisplayName("E1: what takes longer than its caller waits is followed as a download")
    void aSlowRecordIsFollowedAsADownload() throws Exception {
        origin.serve("/slow.mp3", Resource.of(song(3)).pace(300_000));
        var link = origin.uri("/slow.mp3").toString();

        var begun =
                host.post(
                        "/records",
                        "{\"name\":\"Slow song\",\"url\":\"%s\",\"wait\":0}".formatted(link));

        assertThat(begun.status()).as(begun.text()).isEqualTo(202);
        var download = begun.json().getJsonObject("download");
        assertThat(download.getString("url")).isEqualTo(link);
        assertThat(begun.json().getJsonArray("downloads")).hasSize(1);
        assertThat(host.get("/records").text())
                .as("only what was verified is listed")
                .doesNotContain("Slow song");
        Capstan.await("the record", () -> names().contains("Slow song"));
    }

    @Test
    @DisplayName("E1: what cannot become a record is refused in words, and leaves nothing")
    void whatCannotBecomeARecordIsRefused() throws Exception {
        origin.serve(
                "/text.html",
                Resource.of(Body.of("<html>no song</html>".getBytes(StandardCharsets.UTF_8))));
        var gone = origin.uri("/gone.mp3");
        var before = names();

        assertThat(etch("{\"name\":\"ab\",\"url\":\"%s\"}".formatted(gone))).isEqualTo(400);
        assertThat(etch("{\"name\":\"No link\"}")).isEqualTo(400);
        assertThat(etch("{\"name\":\"Odd\",\"url\":\"x\",\"colour\":\"red\"}")).isEqualTo(400);
        assertThat(etch("{\"name\":\"Long wait\",\"url\":\"%s\",\"wait\":61}".formatted(gone)))
                .isEqualTo(400);
        assertThat(etch("{\"name\":\"Gone\",\"url\":\"%s\"}".formatted(gone))).isEqualTo(404);
        assertThat(etch("{\"name\":\"Text\",\"url\":\"%s\"}".formatted(origin.uri("/text.html"))))
                .isEqualTo(422);
        assertThat(names()).isEqualTo(before);
        assertThat(host.get("/records?cursor=nonsense").status()).isEqualTo(400);
        assertThat(host.get("/records?limit=201").status()).isEqualTo(400);
        assertThat(host.get("/records?page=2").status()).isEqualTo(400);
    }

    @Test
    void aListIsReadPageByPage() throws Exception {
        for (var i = 0; i < 3; i++) {
            origin.serve("/page-" + i + ".mp3", Resource.of(song(10 + i)));
            assertThat(
                            etch(
                                    "{\"name\":\"Page %d\",\"url\":\"%s\"}"
                                            .formatted(i, origin.uri("/page-" + i + ".mp3"))))
                    .isEqualTo(201);
        }
        var all = host.get("/records").items("id");

        var first = host.get("/records?limit=2");
        var second = host.get("/records?limit=2&cursor=" + first.json().getString("next"));

        assertThat(first.items("id")).isEqualTo(all.subList(0, 2));
        assertThat(second.items("id").get(0)).isEqualTo(all.get(2));
    }

    private static int etch(String wish) throws Exception {
        return host.post("/records", wish).status();
    }

    private static List<String> names() {
        try {
            return host.get("/records").items("name");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Begins as a file of its type does, for nobody believes a name. */
    private static Body song(int seed) {
        var bytes = Body.random(SIZE, seed).bytes();
        var tag = "ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(tag, 0, bytes, 0, tag.length);
        return Body.of(bytes);
    }
}
