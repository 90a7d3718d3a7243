package dev.capstan.admin.shell.get;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.Await;
import dev.capstan.admin.shell.host.ScriptedDownloads;
import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WaitAndWatchTest {
    @TempDir private Path folder;
    private TestHost host;
    private ScriptedDownloads queue;

    @BeforeEach
    void startHost() {
        host = new TestHost(folder);
        queue = host.queue;
    }

    @Test
    void waitEndsWithTheCodeOfTheFirstFailure() throws Exception {
        var a = queue.row("http://h/a").id();
        var b = queue.row("http://h/b").id();
        var call = host.start(folder, "wait", a, b);
        Await.until("following", () -> host.feed.awaiting(b) == 1);
        queue.fail(a, ErrorClass.CHECKSUM, Detail.NONE, "It differs.");
        queue.complete(b, folder.resolve("b"));

        assertThat(call.exit()).isEqualTo(32);
        assertThat(call.err()).isEqualTo("capstan: http://h/a: It differs.\n");
        assertThat(call.out()).isEmpty();
    }

    @Test
    void waitGivesUpAfterItsTime() throws Exception {
        var a = queue.row("http://h/a").id();
        var call = host.start(folder, "wait", "--timeout", "0", a);

        assertThat(call.exit()).isEqualTo(7);
        assertThat(call.err()).isEqualTo("capstan: After 0 s, 1 download had not ended.\n");
    }

    @Test
    void waitNeedsAnIdThatIsThere() throws Exception {
        var none = host.start(folder, "wait");
        assertThat(none.exit()).isEqualTo(28);
        var unknown = host.start(folder, "wait", "ZZ");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err())
                .isEqualTo("capstan: No download has an id that begins with \"ZZ\".\n");
    }

    @Test
    void watchingEndsAndTheDownloadGoesOn() throws Exception {
        var a = queue.row("http://h/a").id();
        queue.transferring(a, 8 << 20, 4 << 20);
        var call = host.start(folder, "", 80, "watch");
        Await.until("the bar", () -> call.out().contains(" 50%"));
        call.interrupt();

        assertThat(call.exit()).isZero();
        assertThat(queue.commands).isEmpty();
        assertThat(host.feed.awaiting(a)).isZero();
        assertThat(call.out()).endsWith("\u001b[J");
        assertThat(call.err()).isEmpty();
    }

    @Test
    void watchingANamedDownloadEndsWithIt() throws Exception {
        var a = queue.row("http://h/a").id();
        var call = host.start(folder, "watch", a);
        queue.complete(a, folder.resolve("a"));

        assertThat(call.exit()).isZero();
        assertThat(call.out()).startsWith("a: 4 B");
    }
}
