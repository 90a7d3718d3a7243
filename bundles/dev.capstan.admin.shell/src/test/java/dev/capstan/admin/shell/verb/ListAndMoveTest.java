package dev.capstan.admin.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.ScriptedDownloads;
import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.download.Batch;
import dev.capstan.download.BatchRef;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListAndMoveTest {
    @TempDir private Path folder;
    private TestHost host;
    private ScriptedDownloads queue;

    @BeforeEach
    void startHost() {
        host = new TestHost(folder);
        queue = host.queue;
    }

    @Test
    void lsListsTheNewestFirst() throws Exception {
        var a = queue.row("http://h/a").id();
        var b = queue.row("http://h/b").id();
        queue.transferring(b, 400 << 20, 100 << 20);

        var call = host.start(folder, "ls");

        assertThat(call.exit()).isZero();
        assertThat(call.out())
                .isEqualTo(
                        """
                        ID                          STATE        DONE     SIZE       SPEED  LEFT  NAME
                        %s  downloading   25%%  400 MiB  1.00 MiB/s  5:00  http://h/b
                        %s  queued                   ?                    http://h/a
                        """
                                .formatted(b, a));
    }

    @Test
    void onATerminalIdsAreShortAndStillNameOneDownload() throws Exception {
        queue.row("http://h/a");
        queue.row("http://h/b");
        var call = host.start(folder, "", 100, "ls");

        assertThat(call.exit()).isZero();
        var ids = call.out().lines().skip(1).map(line -> line.substring(0, 10).strip()).toList();
        assertThat(ids).containsExactly("01KAB00002", "01KAB00001");
        assertThat(host.start(folder, "show", ids.get(0)).exit()).isZero();
    }

    @Test
    void aLinkStandsForItsOnlyDownload() throws Exception {
        var a = queue.row("track_1").id();
        queue.row("http://h/b");
        queue.row("http://h/b");

        assertThat(out("show", "track_1")).contains(a);
        assertThat(out("pause", "track_1")).contains(a, "paused");
        var several = host.start(folder, "show", "http://h/b");
        assertThat(several.exit()).isNotZero();
        assertThat(several.err()).contains("may be ", " or ");
        var none = host.start(folder, "show", "track_2");
        assertThat(none.exit()).isNotZero();
        assertThat(none.err()).contains("There is no download of track_2.");
    }

    @Test
    void lsSelects() throws Exception {
        var a = queue.row("http://h/apple").id();
        queue.row("http://h/pear");
        queue.fail(a, ErrorClass.IO, Detail.NONE, "Broken.");

        assertThat(out("ls", "-s", "failed")).contains("apple").doesNotContain("pear");
        assertThat(out("ls", "-s", "queued,failed")).contains("apple").contains("pear");
        assertThat(out("ls", "-q", "pear")).contains("pear").doesNotContain("apple");
        assertThat(out("ls", "pear")).contains("pear").doesNotContain("apple");
        assertThat(out("ls", "-n1")).contains("1 of 2 downloads; -n 0 lists all.");
        assertThat(out("ls", "--sort", "name").lines().skip(1).findFirst().orElse(""))
                .contains("apple");
        assertThat(out("ls", "none")).isEqualTo("There are no such downloads.\n");
        assertThat(out("ls", "--json", "-s", "failed"))
                .startsWith("{\"id\":\"" + a + "\",\"name\":\"http://h/apple\"")
                .contains("\"error\":{\"class\":\"IO\",\"message\":\"Broken.\"}}");
    }

    @Test
    void lsWalksAllPages() throws Exception {
        for (int i = 0; i < 450; i++) {
            queue.row("http://h/" + i);
        }
        assertThat(out("ls", "-n", "0").lines()).hasSize(451);
        assertThat(out("ls", "-n", "301").lines()).hasSize(303);
    }

    @Test
    void lsNamesWhatItKnows() throws Exception {
        var call = host.start(folder, "ls", "-s", "faild");
        assertThat(call.exit()).isEqualTo(28);
        assertThat(call.err())
                .isEqualTo(
                        "capstan: There is no state \"faild\"; did you mean failed? Known: queued,"
                                + " starting, downloading, paused, completed, failed, cancelled.\n");
    }

    @Test
    void showTellsTheStory() throws Exception {
        var a = queue.row("http://h/a").id();
        queue.fail(a, ErrorClass.NETWORK, Detail.NONE, "Connection \u001b[2Jrefused.");
        queue.to(a, DownloadState.QUEUED, Phase.RETRY_WAIT);
        queue.fail(a, ErrorClass.NOT_FOUND, Detail.NONE, "It is gone.");

        assertThat(out("show", a))
                .startsWith("http://h/a\n  state       failed\n")
                .contains("  from        http://h/a\n  host        direct\n")
                .contains("what went wrong\n")
                .containsPattern(
                        "network: Connection \uFFFD\\[2Jrefused\\.\n.*not found: It is gone\\.\n");
    }

    @Test
    void anAmbiguousIdIsToldWithItsCandidates() throws Exception {
        var a = queue.row("http://h/a").id();
        var b = queue.row("http://h/b").id();
        var call = host.start(folder, "show", "01kab");
        assertThat(call.exit()).isEqualTo(28);
        assertThat(call.err())
                .isEqualTo(
                        "capstan: \"01kab\" may be %s (http://h/b) or %s (http://h/a); write more of it.\n"
                                .formatted(b, a));
    }

    @Test
    void movesAreMadeAndRefusalsTold() throws Exception {
        var a = queue.row("http://h/a").id();
        var b = queue.to(queue.row("http://h/b").id(), DownloadState.CANCELLED, Phase.NONE).id();
        var call = host.start(folder, "pause", a, b);

        assertThat(call.exit()).isEqualTo(1);
        assertThat(call.out()).contains(a + "  paused  http://h/a").doesNotContain(b);
        assertThat(call.err())
                .isEqualTo("capstan: http://h/b: It is CANCELLED and cannot be moved.\n");
    }

    @Test
    void allMeansAllThatCanBe() throws Exception {
        var a = queue.row("http://h/a").id();
        var b = queue.fail(queue.row("http://h/b").id(), ErrorClass.IO, Detail.NONE, "x").id();
        queue.to(queue.row("http://h/c").id(), DownloadState.CANCELLED, Phase.NONE);

        assertThat(out("pause", "--all")).contains(a).doesNotContain(b);
        assertThat(out("retry", "-a")).contains(b);
        assertThat(out("resume", "-a")).contains(a);
        assertThat(queue.commands).containsExactly("PAUSE " + a, "RETRY " + b, "RESUME " + a);
    }

    @Test
    void aBatchIsMovedAsOne() throws Exception {
        var batch = new BatchRef("01KBATCH000000000000000000", "Season 1");
        queue.batch(new Batch(batch.id(), "Season 1", Instant.EPOCH, Map.of(), 0, 0));
        queue.row(DownloadRequest.of("http://h/1").batch(batch));

        assertThat(out("pause", "-b", "01kbatch")).contains("http://h/1");
        assertThat(queue.commands).containsExactly("PAUSE batch " + batch.id());
        assertThat(out("ls", "-b", "01KB")).contains("http://h/1");
        assertThat(out("batches")).contains("Season 1");
    }

    @Test
    void rmRemoves() throws Exception {
        var a = queue.row("http://h/a").id();
        assertThat(out("rm", "--files", a)).contains("removed");
        assertThat(queue.commands).containsExactly("REMOVE " + a + " true");
    }

    @Test
    void addAnswersAtOnce() throws Exception {
        Files.writeString(folder.resolve("many.txt"), "http://h/x\n".repeat(2500));
        assertThat(out("add", "--paused", "--priority", "5", "-i", "many.txt").lines())
                .hasSize(2501);
        assertThat(queue.requests).hasSize(2500).allMatch(r -> r.paused() && r.priority() == 5);
        assertThat(queue.requests).allMatch(r -> r.folder() == null);
        assertThat(queue.requests).allMatch(r -> !r.options().failInsteadOfWaiting());
    }

    @Test
    void statsTellTheNumbers() throws Exception {
        queue.row("http://h/a");
        assertThat(out("stats"))
                .contains("now          1 queued\n")
                .contains("since start  nothing has ended\n")
                .contains("all time     3 completed, 1 failed (75% succeeded), 3.00 MiB\n");
    }

    private String out(String... words) throws Exception {
        var call = host.start(folder, words);
        assertThat(call.exit()).as(call.err()).isZero();
        assertThat(call.err()).isEmpty();
        return call.out();
    }
}
