package dev.capstan.admin.shell.get;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.Await;
import dev.capstan.admin.shell.host.ScriptedDownloads;
import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.content.Digest;
import dev.capstan.download.Added;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException;
import dev.capstan.download.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GetTest {
    private static final String SHA = ScriptedDownloads.SHA;

    @TempDir private Path folder;
    private TestHost host;
    private ScriptedDownloads queue;

    @BeforeEach
    void startHost() {
        host = new TestHost(folder);
        queue = host.queue;
    }

    @Test
    void aFileIsToldAsSha256sumTellsIt() throws Exception {
        var call = host.start(folder, "get", "http://h/a.iso");
        awaitRows(1);
        queue.transferring(queue.only().id(), 8, 4);
        queue.complete(queue.only().id(), folder.resolve("a.iso"));

        assertThat(call.exit()).isZero();
        assertThat(call.out()).isEqualTo(SHA + "  a.iso\n");
        assertThat(call.err()).startsWith("http://h/a.iso: queued\n").contains("a.iso: 4 B in ");
    }

    @Test
    void theRequestSaysWhatWasAsked() throws Exception {
        var call =
                host.start(
                        folder,
                        "get",
                        "-d",
                        "out",
                        "-o",
                        "b.iso",
                        "-s8",
                        "-x",
                        "4",
                        "--header",
                        "Cookie: a=b",
                        "--link-password",
                        "word",
                        "--checksum",
                        "sha-256=" + SHA,
                        "--max-download-limit",
                        "2M",
                        "--retry",
                        "3",
                        "-c",
                        "-q",
                        "http://h/a.iso");
        awaitRows(1);
        queue.complete(queue.only().id(), folder.resolve("out/b.iso"));

        assertThat(call.exit()).isZero();
        assertThat(call.out()).isEqualTo(SHA + "  out/b.iso\n");
        assertThat(call.err()).isEmpty();
        var request = queue.requests.get(0);
        assertThat(request.link()).isEqualTo("http://h/a.iso");
        assertThat(request.trust()).isEqualTo(Trust.OPERATOR);
        assertThat(request.folder()).isEqualTo(folder.resolve("out"));
        assertThat(request.fileName()).isEqualTo("b.iso");
        assertThat(request.headers()).isEqualTo(Map.of("Cookie", "a=b"));
        assertThat(request.linkPassword()).isEqualTo("word");
        assertThat(request.promised()).containsExactly(Digest.sha256(SHA));
        var options = request.options();
        assertThat(options.maxConnections()).isEqualTo(4);
        assertThat(options.limitBytesPerSecond()).isEqualTo(2 << 20);
        assertThat(options.maxRetries()).isEqualTo(3);
        assertThat(options.firstByteWithin()).isEqualTo(Duration.ofSeconds(15));
        assertThat(options.failInsteadOfWaiting()).isTrue();
    }

    @Test
    void thePathOfAMetalinkDocumentStandsForItsLink() throws Exception {
        var document = Files.writeString(folder.resolve("a b.meta4"), "<metalink/>");
        var call = host.start(folder, "get", "-q", "a b.meta4");
        awaitRows(1);
        queue.complete(queue.only().id(), folder.resolve("a.iso"));

        assertThat(call.exit()).isZero();
        assertThat(queue.requests.get(0).link()).isEqualTo(document.toUri().toString());
    }

    @Test
    void withoutOptionsItFailsSoonAndUsesTheCurrentFolder() throws Exception {
        var call = host.start(folder, "get", "http://h/a.iso");
        awaitRows(1);
        queue.complete(queue.only().id(), Path.of("/elsewhere/a.iso"));

        assertThat(call.exit()).isZero();
        assertThat(call.out()).isEqualTo(SHA + "  /elsewhere/a.iso\n");
        assertThat(queue.requests.get(0).folder()).isEqualTo(folder);
        assertThat(queue.requests.get(0).options().maxRetries()).isZero();
    }

    @Test
    void theFirstFailureGivesTheCode() throws Exception {
        var call = host.start(folder, "get", "http://h/a", "http://h/b", "http://h/c");
        awaitRows(3);
        var ids = queue.all().stream().map(Download::id).toList();
        queue.fail(ids.get(1), ErrorClass.NETWORK, Detail.NAME_NOT_RESOLVED, "No such host.");
        Await.until("the first failure", () -> call.err().contains("No such host."));
        queue.fail(ids.get(0), ErrorClass.NOT_FOUND, Detail.NONE, "It is not there.");
        queue.complete(ids.get(2), folder.resolve("c"));

        assertThat(call.exit()).isEqualTo(19);
        assertThat(call.out()).isEqualTo(SHA + "  c\n");
        assertThat(call.err())
                .contains("capstan: http://h/b: No such host.\n")
                .contains("capstan: http://h/a: It is not there.\n");
    }

    @Test
    void aRefusedLinkDoesNotHarmTheOthers() throws Exception {
        queue.adding =
                (queue, request) ->
                        request.link().startsWith("http")
                                ? Added.of(Added.Outcome.CREATED, queue.row(request))
                                : Added.refused(
                                        new RefusedException(
                                                RefusedException.Reason.UNSUPPORTED,
                                                "Nobody takes it."));
        var call = host.start(folder, "get", "gopher://user:secret@h/a", "http://h/b");
        awaitRows(1);
        queue.complete(queue.only().id(), folder.resolve("b"));

        assertThat(call.exit()).isEqualTo(20);
        assertThat(call.out()).isEqualTo(SHA + "  b\n");
        assertThat(call.err()).contains("capstan: gopher://h/a: Nobody takes it.\n");
        assertThat(call.err()).doesNotContain("secret");
    }

    @Test
    void jsonTellsEveryEnd() throws Exception {
        queue.adding =
                (queue, request) ->
                        request.link().equals("bad")
                                ? Added.refused(
                                        new RefusedException(
                                                RefusedException.Reason.INVALID, "It is no link."))
                                : Added.of(Added.Outcome.CREATED, queue.row(request));
        var call = host.start(folder, "get", "--json", "http://h/a", "bad", "http://h/c");
        awaitRows(2);
        queue.complete(queue.all().get(0).id(), folder.resolve("a"));
        Await.until("the first line", () -> call.out().contains("COMPLETED"));
        queue.fail(queue.all().get(1).id(), ErrorClass.CHECKSUM, Detail.NONE, "It \"differs\".");

        assertThat(call.exit()).isEqualTo(28);
        assertThat(call.out().replaceAll("\"seconds\":[0-9]+\\.[0-9]{3}", "\"seconds\":S"))
                .isEqualTo(
                        """
                        {"url":"bad","error":{"class":"INVALID","message":"It is no link."},"exit":28}
                        {"id":"%s","url":"http://h/a","state":"COMPLETED","path":"%s","sha256":"%s","bytes":4,"seconds":S,"exit":0}
                        {"id":"%s","url":"http://h/c","state":"FAILED","bytes":0,"seconds":S,"error":{"class":"CHECKSUM","message":"It \\"differs\\"."},"exit":32}
                        """
                                .formatted(
                                        queue.all().get(0).id(),
                                        folder.resolve("a"),
                                        SHA,
                                        queue.all().get(1).id()));
    }

    @Test
    void whatIsThereAlreadyIsToldAtOnce() throws Exception {
        var there = queue.complete(queue.row("http://h/a").id(), folder.resolve("a"));
        queue.adding = (queue, request) -> Added.of(Added.Outcome.ALREADY_THERE, there);

        var call = host.start(folder, "get", "-q", "http://h/a");

        assertThat(call.exit()).isZero();
        assertThat(call.out()).isEqualTo(SHA + "  a\n");
    }

    @Test
    void aRemarkOnACompletedDownloadIsTold() throws Exception {
        var call = host.start(folder, "get", "-q", "http://h/a");
        awaitRows(1);
        var id = queue.only().id();
        queue.move(
                id,
                d ->
                        d.copy()
                                .target(d.target().withPlaced(folder.resolve("a")))
                                .digest(Digest.sha256(SHA))
                                .status(
                                        d.status()
                                                .with(
                                                        DownloadState.COMPLETED,
                                                        Phase.NONE,
                                                        "Old copy."))
                                .build());

        assertThat(call.exit()).isZero();
        assertThat(call.err()).isEqualTo("capstan: http://h/a: Old copy.\n");
    }

    @Test
    void anInterruptPausesWhatThisCallBeganAndSaysSo() throws Exception {
        var foreign = queue.row("http://h/foreign");
        queue.adding =
                (queue, request) ->
                        request.link().equals(foreign.source().link())
                                ? Added.of(Added.Outcome.ALREADY_ACTIVE, foreign)
                                : Added.of(Added.Outcome.CREATED, queue.row(request));
        var call = host.start(folder, "get", "http://h/own", "http://h/foreign");
        awaitRows(2);
        var own = queue.all().get(1).id();
        Await.until("following", () -> host.feed.awaiting(foreign.id()) == 1);
        queue.transferring(own, 8, 4);
        call.interrupt();

        assertThat(call.exit()).isEqualTo(7);
        assertThat(queue.commands).containsExactly("PAUSE " + own);
        assertThat(call.err())
                .endsWith(
                        "capstan: Interrupted. The same command continues 2 unfinished downloads.\n");
    }

    @Test
    void anInterruptLeavesAloneWhatSomebodyElseWaitsForToo() throws Exception {
        var first = host.start(folder, "get", "http://h/a");
        awaitRows(1);
        var shared = queue.only();
        queue.adding = (queue, request) -> Added.of(Added.Outcome.ALREADY_ACTIVE, shared);
        var second = host.start(folder, "get", "http://h/a");
        Await.until("both follow", () -> host.feed.awaiting(shared.id()) == 2);
        first.interrupt();

        assertThat(first.exit()).isEqualTo(7);
        assertThat(queue.commands).isEmpty();
        queue.complete(shared.id(), folder.resolve("a"));
        assertThat(second.exit()).isZero();
    }

    @Test
    void theSameCallResumesWhatWasPaused() throws Exception {
        var paused = queue.to(queue.row("http://h/a").id(), DownloadState.PAUSED, Phase.NONE);
        queue.adding = (queue, request) -> Added.of(Added.Outcome.ALREADY_ACTIVE, paused);
        var call = host.start(folder, "get", "http://h/a");
        Await.until("resumed", () -> queue.only().state() == DownloadState.QUEUED);
        queue.complete(paused.id(), folder.resolve("a"));

        assertThat(call.exit()).isZero();
        assertThat(queue.commands).containsExactly("RESUME " + paused.id());
    }

    @Test
    void aPauseBySomebodyElseEndsIt() throws Exception {
        var call = host.start(folder, "get", "http://h/a");
        awaitRows(1);
        var id = queue.only().id();
        queue.to(id, DownloadState.PAUSED, Phase.NONE);

        assertThat(call.exit()).isEqualTo(7);
        assertThat(call.err()).contains("It was paused; \"capstan resume " + id + "\" goes on.");
    }

    @Test
    void aRemovalEndsIt() throws Exception {
        var call = host.start(folder, "get", "http://h/a");
        awaitRows(1);
        queue.remove(queue.only().id(), false);

        assertThat(call.exit()).isEqualTo(7);
        assertThat(call.err()).contains("It was removed from the list.");
    }

    @Test
    void noMoreThanAskedForAreGivenToTheQueueAtATime() throws Exception {
        var call = host.start(folder, "get", "-j2", "http://h/1", "http://h/2", "http://h/3");
        awaitRows(2);
        Await.until("following", () -> host.feed.awaiting(queue.all().get(1).id()) == 1);
        assertThat(queue.requests).hasSize(2);
        queue.complete(queue.all().get(0).id(), folder.resolve("1"));
        awaitRows(3);
        queue.complete(queue.all().get(1).id(), folder.resolve("2"));
        queue.complete(queue.all().get(2).id(), folder.resolve("3"));

        assertThat(call.exit()).isZero();
        assertThat(call.out().lines()).hasSize(3);
    }

    @Test
    void aLinkThatListsFilesBringsThemAll() throws Exception {
        var batch = new BatchRef("01KBATCH000000000000000000", "Season 1");
        var call = host.start(folder, "get", "-q", "http://h/folder");
        awaitRows(1);
        var listing = queue.only().id();
        var early = queue.row(DownloadRequest.of("http://h/1").batch(batch));
        queue.move(listing, d -> d.copy().kind(Download.Kind.LISTING).batch(batch).build());
        var late = queue.row(DownloadRequest.of("http://h/2").batch(batch));
        queue.to(listing, DownloadState.COMPLETED, Phase.NONE);
        queue.complete(early.id(), folder.resolve("e1"));
        queue.complete(late.id(), folder.resolve("e2"));

        assertThat(call.exit()).isZero();
        assertThat(call.out().lines()).containsExactlyInAnyOrder(SHA + "  e1", SHA + "  e2");
    }

    @Test
    void theQueueMayGoAndComeBack() throws Exception {
        var call = host.start(folder, "get", "-q", "http://h/a");
        awaitRows(1);
        var id = queue.only().id();
        Await.until("the first look", () -> queue.reads.get() == 2);
        host.takeQueueAway();
        queue.complete(id, folder.resolve("a"));
        host.bringQueueBack();
        var back = System.nanoTime();

        assertThat(call.exit()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void anOldEventChangesNothing() throws Exception {
        var cancelled = queue.to(queue.row("http://h/a").id(), DownloadState.CANCELLED, Phase.NONE);
        queue.adding =
                (queue, request) ->
                        request.link().equals("http://h/a")
                                ? Added.of(
                                        Added.Outcome.REVIVED,
                                        queue.to(cancelled.id(), DownloadState.QUEUED, Phase.NONE))
                                : Added.of(Added.Outcome.CREATED, queue.row(request));
        var call = host.start(folder, "get", "-q", "http://h/a", "http://h/b");
        awaitRows(2);
        var other = queue.all().get(1).id();
        Await.until("following", () -> host.feed.awaiting(other) == 1);
        queue.tell(cancelled);
        queue.complete(other, folder.resolve("b"));
        Await.until("the next event", () -> call.out().contains("  b\n"));
        queue.complete(cancelled.id(), folder.resolve("a"));

        assertThat(call.exit()).isZero();
        assertThat(call.out()).isEqualTo(SHA + "  b\n" + SHA + "  a\n");
    }

    @Test
    void linksComeFromAFileWithTheirOwnOptions() throws Exception {
        Files.writeString(
                folder.resolve("links.txt"),
                """
                # two files
                http://h/a\thttp://mirror/a
                  out=x.iso
                  checksum=sha-256=%s

                http://h/b
                """
                        .formatted(SHA));
        var call = host.start(folder, "get", "-q", "-d", "d", "-i", "links.txt");
        awaitRows(2);
        for (var download : new ArrayDeque<>(queue.all())) {
            queue.complete(download.id(), folder.resolve("d/x"));
        }

        assertThat(call.exit()).isZero();
        assertThat(queue.requests.get(0).link()).isEqualTo("http://h/a");
        assertThat(queue.requests.get(0).fileName()).isEqualTo("x.iso");
        assertThat(queue.requests.get(0).promised()).containsExactly(Digest.sha256(SHA));
        assertThat(queue.requests.get(1).fileName()).isNull();
        assertThat(queue.requests).allMatch(r -> folder.resolve("d").equals(r.folder()));
    }

    @Test
    void linksComeFromStandardInput() throws Exception {
        var call = host.start(folder, "http://h/a\nhttp://h/b\n", 0, "get", "-q", "-i", "-");
        awaitRows(2);
        queue.all().forEach(d -> queue.complete(d.id(), folder.resolve("f")));

        assertThat(call.exit()).isZero();
    }

    @Test
    void mistakesAreToldBeforeAnythingBegins() throws Exception {
        Files.writeString(folder.resolve("bad.txt"), "http://h/a\n  spilt=3\n");
        Files.writeString(folder.resolve("indented.txt"), "  out=x\n");
        var calls =
                Map.of(
                        List.of("get"), "There is no link to download.",
                        List.of("get", "-o", "x", "http://h/a", "http://h/b"),
                                "--out and --checksum are for a single link; an input file can name"
                                        + " them for each.",
                        List.of("get", "--checksum", "sha-256=12", "http://h/a"),
                                "--checksum: A sha-256 digest is 64 hexadecimal characters.",
                        List.of("get", "--header", "novalue", "http://h/a"),
                                "--header needs the form 'NAME: VALUE'.",
                        List.of("get", "--max-download-limit", "fast", "http://h/a"),
                                "--max-download-limit needs bytes a second, as 500K or 2M, not"
                                        + " \"fast\".",
                        List.of("get", "-s", "0", "http://h/a"),
                                "--split needs a number from 1 to 64, not \"0\".",
                        List.of("get", "-i", "none.txt"), "There is no input file none.txt.",
                        List.of("get", "-i", "bad.txt"),
                                "bad.txt, line 1: An input file has no option --spilt; did you mean"
                                        + " --split?",
                        List.of("get", "-i", "indented.txt"),
                                "The input file indented.txt cannot be read: line 1 is indented and"
                                        + " follows no link",
                        List.of("gte", "http://h/a"),
                                "There is no verb \"gte\"; did you mean get?");
        for (var expected : calls.entrySet()) {
            var call = host.start(folder, expected.getKey().toArray(String[]::new));
            assertThat(call.exit()).as("%s", expected.getKey()).isEqualTo(28);
            assertThat(call.err()).isEqualTo("capstan: " + expected.getValue() + "\n");
            assertThat(call.out()).isEmpty();
        }
        assertThat(queue.requests).isEmpty();
    }

    @Test
    void aTerminalSeesALineThatIsPaintedAgain() throws Exception {
        var call = host.start(folder, "", 80, "get", "http://h/a.iso");
        awaitRows(1);
        queue.transferring(queue.only().id(), 400 << 20, 100 << 20);
        Await.until("the bar", () -> call.err().contains("25%"));
        queue.complete(queue.only().id(), folder.resolve("a.iso"));

        assertThat(call.exit()).isZero();
        assertThat(call.err()).contains("━").contains("1.00 MiB/s").contains("\u001b[A");
        assertThat(call.err()).contains("✓ ").endsWith("\n");
        assertThat(call.out()).isEqualTo(SHA + "  a.iso\n");
    }

    private void awaitRows(int count) throws InterruptedException {
        Await.until(count + " downloads", () -> queue.all().size() >= count);
    }
}
