package dev.capstan.itest.fshare;

import static dev.capstan.host.fshare.fake.Endpoint.DOWNLOAD;
import static dev.capstan.host.fshare.fake.Endpoint.LISTING;
import static dev.capstan.host.fshare.fake.Endpoint.LOGIN;
import static dev.capstan.host.fshare.fake.Endpoint.LOGOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.host.fshare.fake.Answer;
import dev.capstan.host.fshare.fake.Call;
import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.fshare.fake.FakeFshare;
import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import dev.capstan.itest.Control.Row;
import dev.capstan.tck.script.LinkLife;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fshare as an operator meets it: a packaged host, its command line, its data folder. */
class FshareTest {
    private static final String FILE = "https://www.fshare.vn/file/";
    private static final String FOLDER = "https://www.fshare.vn/folder/";
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int SIZE = 3_000_000;
    private static final int HALF = SIZE / 2;
    private static final List<String> LINK_WORDS = List.of("marked-wrong-word", "marked-link-word");

    @TempDir Path root;
    private final FakeFshare fake = FakeFshare.start();
    private Capstan capstan;
    private Operator operator;
    private Control control;

    @BeforeEach
    void configure() throws IOException {
        capstan = new Capstan(root);
        operator = new Operator(capstan, fake);
        control = new Control(capstan.data(), capstan.folder());
    }

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    @DisplayName(
            "F8, F10 to F15 in one host: folders, a link that dies, a session that is lost, passwords")
    void aHostServesAFolderADyingLinkAndALostSession() throws Exception {
        try (var host = capstan.startHost(operator.options())) {
            aFolderBecomesOneBatch();
            anEmptyFolderSaysSo();
            aLinkPasswordIsAskedFor();
            aLinkThatDiesAtHalfIsRenewedOnce();
            aLostSessionIsRenewedOnceForEight();
            anotherSizeIsAChange();
            aPauseEndsACall();
            aUsedUpQuotaIsWaitedFor();

            assertThat(host.terminate().exit()).isZero();
            assertThat(fake.calls(LOGOUT)).as("F20: stopping logs nobody out").isEmpty();
            assertThat(fake.calls()).noneMatch(call -> call.header("referer").isPresent());
            assertThat(fake.deliveries())
                    .allMatch(
                            delivery ->
                                    delivery.header("cookie").isEmpty()
                                            && !delivery.toString().contains("marked-token"));
            var marked = new ArrayList<>(fake.secrets());
            assertThat(marked).hasSizeGreaterThan(140);
            marked.addAll(LINK_WORDS);
            assertThat(capstan.filesWith(marked)).as("F2, F21, S7").isEmpty();
            assertThat(host.out() + host.err()).doesNotContain(marked);
        }
    }

    private void aFolderBecomesOneBatch() throws Exception {
        var series = fake.folder("ROOT").named("Series");
        for (var i = 100; i < 230; i++) {
            series.add(fake.file("R" + i).named("part " + i + ".bin").size(10_000));
        }
        series.add(fake.folder("SUB").named("Extras"));
        var stills = fake.folder("SUBSUB").named("Stills");
        fake.folder("SUB").add(fake.file("S1").named("extra.bin").size(10_000), series, stills);
        stills.add(fake.file("S2").named("still.bin").size(10_000), series);

        var listing = control.add(FOLDER + "ROOT");
        var rows = awaitEnded(135);

        assertThat(rows).allMatch(row -> row.state().equals("COMPLETED"));
        assertThat(rows.stream().map(row -> text(row, "batch")).distinct()).hasSize(1);
        var names =
                rows.stream()
                        .filter(row -> row.link().startsWith(FILE + "R"))
                        .map(row -> Path.of(row.path()).getFileName().toString())
                        .toList();
        assertThat(names)
                .containsExactlyElementsOf(
                        IntStream.range(100, 230).mapToObj(i -> "part " + i + ".bin").toList());
        assertThat(rows).anyMatch(row -> row.link().equals(FOLDER + "SUB"));
        assertThat(capstan.data().resolve("downloads/Extras/extra.bin")).hasSize(10_000);
        assertThat(capstan.data().resolve("downloads/Extras/Stills/still.bin")).hasSize(10_000);
        assertThat(control.done("batches")).contains("Series");
        assertThat(control.show(listing).state()).isEqualTo("COMPLETED");
        assertThat(fake.calls(LOGIN)).hasSize(1);
        assertThat(fake.calls(LISTING)).as("names and sizes came with the folder").hasSize(5);
        assertThat(fake.calls(DOWNLOAD)).hasSize(132);
    }

    private void anEmptyFolderSaysSo() throws Exception {
        fake.folder("EMPTY").named("Nothing");

        var empty = ended(control.add(FOLDER + "EMPTY"));
        var gone = ended(control.add(FOLDER + "GONE"));

        assertThat(empty.state()).isEqualTo("COMPLETED");
        assertThat(story(empty.id())).contains("folder is empty");
        assertThat(gone.state()).isEqualTo("FAILED");
        assertThat(gone.error()).isEqualTo("NOT_FOUND");
        assertThat(text(gone, "retries")).isEqualTo("0");
    }

    private void aLinkPasswordIsAskedFor() throws Exception {
        fake.file("LOCKED").size(1_000).password("marked-link-word");
        var id = control.add(FILE + "LOCKED");
        assertThat(ended(id).error()).as("F11: %s", story(id)).isEqualTo("ACCOUNT");
        assertThat(story(id)).contains("needs a password");

        control.add("--link-password", "marked-wrong-word", FILE + "LOCKED");
        assertThat(ended(id).error()).isEqualTo("ACCOUNT");
        assertThat(story(id)).contains("is wrong");
        assertThat(text(show(id), "retries")).isEqualTo("0");

        assertThat(control.add("--link-password", "marked-link-word", FILE + "locked?token=1"))
                .as("F3: the same download")
                .isEqualTo(id);
        assertThat(ended(id).state()).isEqualTo("COMPLETED");
        assertThat(fake.calls())
                .filteredOn(call -> LINK_WORDS.stream().anyMatch(call.body()::contains))
                .extracting(Call::endpoint)
                .containsExactly(DOWNLOAD, DOWNLOAD);
        assertThat(control.done("accounts")).contains("works");
    }

    private void aLinkThatDiesAtHalfIsRenewedOnce() throws Exception {
        fake.file("EXPIRING").named("film.mkv").size(SIZE).nextLinks(LinkLife.untilByte(HALF));
        var before = fake.calls(DOWNLOAD).size();
        var delivered = fake.deliveries().size();

        var row = ended(control.add("-x", "1", FILE + "EXPIRING"));

        assertThat(row.state()).as(row.json()).isEqualTo("COMPLETED");
        assertThat(Files.size(Path.of(row.path()))).isEqualTo(SIZE);
        assertThat(Files.readAllBytes(Path.of(row.path()))).isEqualTo(bytes("EXPIRING"));
        assertThat(fake.calls(DOWNLOAD)).hasSize(before + 2);
        var last = fake.deliveries().subList(delivered, fake.deliveries().size());
        assertThat(last.get(last.size() - 1).header("range"))
                .hasValueSatisfying(range -> assertThat(range).startsWith("bytes=" + HALF + "-"));
        assertThat(text(row, "retries")).isEqualTo("0");
    }

    private void aLostSessionIsRenewedOnceForEight() throws Exception {
        var logins = fake.calls(LOGIN).size();
        fake.account().loseSessions();
        try (var downloads = fake.hold(DOWNLOAD)) {
            var ids = new ArrayList<String>();
            for (var i = 0; i < 8; i++) {
                fake.file("L" + i).size(1_000);
                ids.add(control.add(FILE + "L" + i));
            }
            assertThat(downloads.awaitCalls(8, BOUND)).isTrue();
            downloads.release();
            for (var id : ids) {
                assertThat(ended(id).state()).isEqualTo("COMPLETED");
            }
        }
        assertThat(fake.calls(LOGIN)).hasSize(logins + 1);
    }

    private void anotherSizeIsAChange() throws Exception {
        fake.file("CHANGING").named("first name.bin").size(SIZE).pace(500_000);
        var id = control.add("-x", "1", FILE + "CHANGING");
        Capstan.await("some of it", () -> show(id).downloaded() > 100_000);
        control.done("pause", id);
        Capstan.await("it rests", () -> show(id).state().equals("PAUSED"));

        fake.file("CHANGING").named("second name.bin").size(HALF).pace(0);
        control.done("resume", id);

        var row = ended(id);
        assertThat(row.state()).isEqualTo("FAILED");
        assertThat(row.error()).as("F5: %s", row.json()).isEqualTo("CHANGED");
        assertThat(row.json()).contains("first name.bin").doesNotContain("second name");
        assertThat(text(row, "retries")).isEqualTo("0");
    }

    private void aPauseEndsACall() throws Exception {
        fake.file("PAUSED").size(1_000);
        try (var downloads = fake.hold(DOWNLOAD)) {
            var id = control.add(FILE + "PAUSED");
            assertThat(downloads.awaitCalls(1, BOUND)).isTrue();
            control.done("pause", id);
            Capstan.await("it rests", () -> show(id).state().equals("PAUSED"));
            assertThat(control.done("add", FILE + "paused?token=1"))
                    .contains(id, "is in the queue already");
            downloads.release();
            control.done("resume", id);
            assertThat(ended(id).state()).isEqualTo("COMPLETED");
        }
    }

    private void aUsedUpQuotaIsWaitedFor() throws Exception {
        fake.file("DAILY").size(1_000);
        var used = fake.fault(DOWNLOAD, Answer.refusal(403, "Daily limit reached"));
        var id = control.add(FILE + "DAILY");
        Capstan.await("it waits", () -> text(show(id), "phase").equals("HOST_WAIT"));
        assertThat(show(id).state()).isEqualTo("QUEUED");
        assertThat(text(show(id), "retries")).isEqualTo("0");
        assertThat(story(id)).contains("limit");
        assertThat(control.done("accounts")).contains("limit");

        used.lift();
        control.done("cancel", id);
        control.done("retry", id);
        assertThat(ended(id).state()).isEqualTo("COMPLETED");
        assertThat(control.done("accounts")).contains("works");
    }

    @Test
    @DisplayName(
            "F9, F14: a wrong secret holds downloads without retries; after a restart they go on")
    void aWrongSecretHoldsDownloads() throws Exception {
        operator.keep("fshare-password", "marked-wrong-word");
        for (var i = 100; i < 160; i++) {
            fake.folder("CUT").add(fake.file("C" + i).size(1_000));
        }
        var page = new CompletableFuture<Void>();
        var cut =
                fake.fault(
                        LISTING,
                        (exchange, good) -> {
                            page.join();
                            exchange.cut();
                        });
        cut.after(1);
        var ids = new ArrayList<String>();
        try (var host = capstan.startHost(operator.options())) {
            control.add(FOLDER + "CUT");
            assertThat(fake.awaitCalls(LISTING, 2, BOUND)).isTrue();
            for (var i = 0; i < 3; i++) {
                fake.file("H" + i).size(1_000);
                ids.add(control.add(FILE + "H" + i));
            }
            for (var id : ids) {
                Capstan.await("the reason is shown", () -> story(id).contains("wrong e-mail"));
                assertThat(text(control.show(id), "phase")).isEqualTo("ACCOUNT_HELD");
                assertThat(text(control.show(id), "retries")).isEqualTo("0");
            }
            assertThat(control.done("hosts")).contains("held").contains("fshare");
            assertThat(fake.calls(LOGIN)).as("nobody knocks twice").hasSize(1);
            host.kill();
        }
        page.complete(null);
        cut.lift();
        operator.keep("fshare-password", FakeAccount.PASSWORD);
        try (var host = capstan.startHost(operator.options())) {
            var rows = awaitEnded(1 + 60 + 3);
            assertThat(rows).allMatch(row -> row.state().equals("COMPLETED"));
            assertThat(rows.stream().map(Row::link)).doesNotHaveDuplicates();
            assertThat(rows).extracting(Row::id).containsAll(ids);
            assertThat(host.terminate().exit()).isZero();
            var marked = List.of("marked-wrong-word", FakeAccount.PASSWORD, FakeAccount.APP_KEY);
            assertThat(capstan.filesWith(marked)).isEmpty();
            assertThat(host.out() + host.err()).doesNotContain(marked);
        }
    }

    @Test
    @DisplayName("F19: get, too, knows these links, and says that VIP is missing")
    void getKnowsTheseLinks() throws Exception {
        fake.file("G1").named("one file.bin").size(SIZE);

        fake.folder("G3").add(fake.file("G4").named("listed.bin").size(1_000));

        var arguments =
                operator.options(
                        "get", "--json", "http://fshare.vn/file/g1?token=x", FOLDER + "G3");
        var got = capstan.run(arguments);
        fake.account().withoutVip();
        fake.file("G2");
        var refused = capstan.run(operator.options("get", FILE + "G2"));

        assertThat(got.exit()).as(got.err()).isZero();
        assertThat(Files.readAllBytes(capstan.folder().resolve("one file.bin")))
                .isEqualTo(bytes("G1"));
        assertThat(capstan.folder().resolve("listed.bin")).hasSize(1_000);
        assertThat(refused.exit()).isEqualTo(24);
        assertThat(refused.err()).contains("VIP");
        assertThat(fake.calls(DOWNLOAD)).hasSize(2);
        assertThat(got.out() + got.err() + refused.err()).doesNotContain(fake.secrets());
    }

    private byte[] bytes(String code) {
        var body = fake.file(code).body();
        return body.bytes();
    }

    private List<Row> awaitEnded(int number) throws Exception {
        Capstan.await(
                number + " downloads at their end",
                () -> {
                    var rows = list();
                    return rows.size() == number && rows.stream().allMatch(Row::isEnded);
                });
        var rows = new ArrayList<>(list());
        Collections.reverse(rows);
        return rows;
    }

    private List<Row> list() {
        try {
            return control.list();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Row ended(String id) throws Exception {
        Capstan.await("the end of it", () -> show(id).isEnded());
        return show(id);
    }

    /** What a person is shown of a download. */
    private String story(String id) {
        try {
            return control.done("show", id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Row show(String id) {
        try {
            return control.show(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Row row, String field) {
        var found = Pattern.compile("\"" + field + "\":\"?([^\",}]*)").matcher(row.json());
        return found.find() ? found.group(1) : "";
    }
}
