package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.download.Command;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.Trust;
import dev.capstan.host.direct.DirectHost;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole way with the real engine, the real host, and an origin on a real socket. */
class EndToEndTest extends HouseTest {
    private static final int SIZE = 2_000_000;
    private static final DownloadOptions AT_ONCE =
            new DownloadOptions(0, 0, 0, Duration.ofSeconds(3), true);

    private final Origin origin = Origin.plain();
    private final Body body = Body.random(SIZE, 7);
    private final HostService direct = direct();
    private TransferEngine engine;

    @BeforeEach
    void enter() {
        house.hostGoes();
        house.engineGoes();
        house.downloads.hostCame(direct);
        engineComes();
    }

    @AfterEach
    void leave() {
        Parts.deactivate(engine, "deactivate");
        direct.close();
        origin.close();
    }

    @Test
    void aFileIsFetchedVerifiedAndPlacedUnderTheAnswersName() {
        origin.serve(
                "/x",
                Resource.of(body).header("Content-Disposition", "attachment; filename=\"y.bin\""));

        var id = add("/x");

        var done = house.awaitCompleted(id);
        assertThat(done.target().placed()).isEqualTo(data.resolve("downloads/y.bin"));
        assertThat(done.digest()).isEqualTo(Digest.sha256(body.sha256()));
        house.assertPlaced(id, body.bytes());
    }

    @Test
    void q9_theSecondTimeTheOriginIsAskedOnceAndMovesNoBody() {
        origin.serve("/file.bin", Resource.of(body));
        var id = add("/file.bin");
        house.awaitCompleted(id);
        var requests = origin.log().size();

        add("/file.bin");

        Await.until(() -> origin.log().size() > requests);
        var done = house.awaitCompleted(id);
        assertThat(done.target().placed()).isEqualTo(data.resolve("downloads/file.bin"));
        assertThat(origin.log()).hasSize(requests + 1);
        assertThat(origin.log().get(requests).status()).isEqualTo(304);
        Await.until(() -> isEmpty(data.resolve("staging")));
        assertThat(origin.bodyBytes()).isEqualTo(SIZE);
    }

    @Test
    void userInformationReachesTheOriginAndNothingElse() {
        origin.serve("/file.bin", Resource.of(body));
        var link = origin.uri("/file.bin").toString().replace("://", "://me:canary@");

        var id = House.idOf(house.add(House.request(link)));

        house.awaitCompleted(id);
        assertThat(origin.log().get(0).header("Authorization")).isPresent();
        assertThat(house.anyFileContains("canary")).isFalse();
        assertThat(house.get(id).toString()).doesNotContain("canary");
    }

    @Test
    void q2_q4_aRestartInTheMiddleFetchesNothingTwice() {
        origin.serve("/slow.bin", Resource.of(body).pace(1_000_000));
        var id =
                House.idOf(
                        house.add(
                                House.request(origin.uri("/slow.bin").toString())
                                        .options(new DownloadOptions(1, 0, null, null, false))));
        Await.until(() -> house.get(id).metrics().downloaded() > 200_000);

        house.downloads.removeEngine(engine);
        Parts.deactivate(engine, "deactivate");
        house.stop();
        origin.serve("/slow.bin", Resource.of(body));
        house.start();
        enter();

        house.awaitCompleted(id);
        house.assertPlaced(id, body.bytes());
        // What was in the sockets when it stopped is all that may come again.
        assertThat(origin.bodyBytes()).isLessThan(SIZE + (1 << 20));
    }

    @Test
    void h2_theEngineIsSwappedUnderRunningDownloads() throws InterruptedException {
        origin.serve("/slow.bin", Resource.of(body).pace(1_500_000));
        var id = add("/slow.bin");
        for (var swap = 1; swap <= 3; swap++) {
            var least = swap * 100_000L;
            Await.until(() -> house.get(id).metrics().downloaded() > least);

            // As Declarative Services do it: we are told first, then it ends.
            house.downloads.removeEngine(engine);
            Parts.deactivate(engine, "deactivate");
            Await.until(() -> house.get(id).status().phase() == Phase.WAITING_FOR_ENGINE);
            assertThat(origin.awaitNoConnection(Duration.ofSeconds(1))).isTrue();
            engineComes();
        }
        var done = house.awaitCompleted(id);
        house.assertPlaced(id, body.bytes());
        assertThat(done.status().errorHistory()).isEmpty();
        assertThat(origin.bodyBytes()).isLessThan(SIZE + (4 << 20));
    }

    @Test
    void q3_pauseLeavesNoOpenConnectionAndResumeGoesOn() throws InterruptedException {
        origin.serve("/slow.bin", Resource.of(body).pace(500_000));
        var id = add("/slow.bin");
        Await.until(() -> house.get(id).metrics().downloaded() > 100_000);

        var begun = System.nanoTime();
        house.command(id, Command.PAUSE);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        assertThat(origin.awaitNoConnection(Duration.ofSeconds(1))).isTrue();

        origin.serve("/slow.bin", Resource.of(body));
        house.command(id, Command.RESUME);
        house.awaitCompleted(id);
        house.assertPlaced(id, body.bytes());
        assertThat(origin.bodyBytes()).isLessThan(SIZE + (1 << 20));
    }

    @Test
    void whatIsNotThereAndWhatIsNotAllowedFailsAndLeavesNothingBehind() throws IOException {
        origin.serve("/gone", exchange -> exchange.answer(404, "gone"));
        origin.serve("/secret", exchange -> exchange.answer(401, "who are you"));
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        var cases =
                Map.of(
                        origin.uri("/gone").toString(),
                        ErrorClass.NOT_FOUND,
                        origin.uri("/secret").toString(),
                        ErrorClass.ACCOUNT,
                        "http://127.0.0.1:" + closed + "/x",
                        ErrorClass.NETWORK,
                        "http://no-such-name.invalid/x",
                        ErrorClass.NETWORK);
        for (var each : cases.entrySet()) {
            var id = House.idOf(house.add(House.request(each.getKey()).options(AT_ONCE)));
            var error = house.await(id, DownloadState.FAILED).status().error();
            assertThat(error.errorClass()).as(each.getKey()).isEqualTo(each.getValue());
            if (each.getKey().contains("invalid")) {
                assertThat(error.detail()).isEqualTo(Detail.NAME_NOT_RESOLVED);
            }
        }
        assertThat(data.resolve("downloads")).doesNotExist();
        Await.until(() -> isEmpty(data.resolve("staging")));
    }

    @Test
    void wrongBytesAreFetchedOnceMoreAndThenRefused() {
        origin.serve("/file.bin", Resource.of(body));
        var id =
                House.idOf(
                        house.add(
                                House.request(origin.uri("/file.bin").toString())
                                        .promise(Digest.sha256("0".repeat(64)))));

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(ErrorClass.CHECKSUM);
        assertThat(origin.bodyBytes()).isEqualTo(2L * SIZE);
        assertThat(data.resolve("downloads")).doesNotExist();
    }

    @Test
    void s1_aLinkFromTheNetworkDoesNotReachALoopbackAddressEvenIfTheBytesAreHere() {
        origin.serve("/file.bin", Resource.of(body));
        house.awaitCompleted(add("/file.bin"));
        var requests = origin.log().size();

        var id =
                House.idOf(
                        house.add(
                                House.request(origin.uri("/file.bin").toString())
                                        .folder(data.resolve("elsewhere"))
                                        .trust(Trust.NETWORK)));

        var failed = house.await(id, DownloadState.FAILED);
        assertThat(failed.status().error().errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(origin.log()).hasSize(requests);
    }

    @Test
    void p13_aLocalFileOfTheOperatorIsCopied() throws IOException {
        var local = Files.write(data.resolve("my file.bin"), body.bytes());

        var id = House.idOf(house.add(House.request(local.toUri().toString())));

        assertThat(house.awaitCompleted(id).target().placed())
                .isEqualTo(data.resolve("downloads/my file.bin"));
        house.assertPlaced(id, body.bytes());
    }

    @Test
    void aMalformedLinkIsRefusedAtOnce() {
        for (var link : List.of("http://", "http://[::1/x", "http://host:99999/", "https:/x")) {
            assertThat(house.add(House.request(link)).refusal()).as(link).isNotNull();
        }
    }

    @Test
    void anEmptyFileIsAFile() {
        origin.serve("/empty", Resource.of(Body.of(new byte[0])));

        var id = add("/empty");

        house.awaitCompleted(id);
        house.assertPlaced(id, new byte[0]);
    }

    private static boolean isEmpty(Path folder) {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String add(String path) {
        return House.idOf(house.add(House.request(origin.uri(path).toString())));
    }

    private void engineComes() {
        engine =
                Parts.make(
                        "dev.capstan.transfer.http.HttpTransferEngine", TransferEngine.class, data);
        house.downloads.addEngine(
                engine, Map.of(TransferEngine.SCHEMES, new String[] {"http", "https"}));
    }

    private static HostService direct() {
        var resolver = new DirectHost();
        return new HostService(
                Map.of(
                        HostResolver.ID,
                        "direct",
                        HostResolver.SCHEMES,
                        new String[] {"http", "https", "file"}),
                "dev.capstan.host.direct",
                "1.0.0",
                () -> resolver);
    }
}
