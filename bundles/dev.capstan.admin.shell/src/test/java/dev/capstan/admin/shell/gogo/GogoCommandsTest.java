package dev.capstan.admin.shell.gogo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.admin.shell.host.Await;
import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.admin.shell.verb.Commands;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.CommandProxy;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The verbs in a real Gogo session, without a framework. */
@Timeout(60)
class GogoCommandsTest {
    static final Iterable<String> VERBS = Commands.VERBS;

    @TempDir private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private ThreadIOImpl threadIo;
    private CommandProcessorImpl processor;
    private CommandSession session;
    private TestHost host;

    @BeforeEach
    void startGogo() {
        host = new TestHost(folder);
        threadIo = new ThreadIOImpl();
        threadIo.start();
        processor = new CommandProcessorImpl(threadIo);
        var commands = new GogoCommands(host.commands, processor);
        for (var verb : Commands.VERBS) {
            var target = verb.equals("wait") ? new GogoWait(host.commands, processor) : commands;
            processor.addCommand("capstan", new CommandProxy(target, verb), verb);
        }
        processor.addCommand("gogo", new Posix(processor), "grep");
        processor.addCommand("gogo", new Procedural(), "each");
        processor.addCommand("gogo", new Shell(new NoContext(), processor), "help");
        processor.addConverter(new GogoTables(processor));
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        session = processor.createSession(InputStream.nullInputStream(), stream, stream);
        session.currentDir(folder);
        Prompt.prepare(session);
    }

    @AfterEach
    void stopGogo() {
        session.close();
        processor.stop();
        threadIo.stop();
    }

    @ParameterizedTest
    @FieldSource("VERBS")
    void gogosOwnHelpIsComplete(String verb) throws Exception {
        session.execute("gogo:help capstan:" + verb);
        var definition = host.commands.verb(verb).definition();
        assertThat(out()).contains(verb + " - " + definition.summary()).contains("scope: capstan");
        for (var line : definition.arguments().split("\n")) {
            assertThat(out()).contains(line);
        }
    }

    @ParameterizedTest
    @FieldSource("VERBS")
    void everyVerbIsPublished(String verb) throws Exception {
        var type = verb.equals("wait") ? GogoWait.class : GogoCommands.class;
        try (var xml = getClass().getResourceAsStream("/OSGI-INF/" + type.getName() + ".xml")) {
            assertThat(xml).isNotNull();
            var text = new String(xml.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).containsPattern("[\\s>\"]" + verb + "[\\s<\"]");
        }
    }

    @Test
    void answersAreObjects() throws Exception {
        var a = host.queue.row("http://h/a");
        host.queue.row("http://h/b");
        assertThat(session.execute("(ls) size")).isEqualTo(2);
        assertThat(session.execute("(ls) get 1")).isEqualTo(a);
        assertThat(session.execute("((ls) get 1) id")).isEqualTo(a.id());
        assertThat(session.execute("show " + a.id())).isInstanceOf(Download.class);
    }

    @Test
    void tablesGoThroughPipes() throws Exception {
        host.queue.row("http://h/apple");
        var pear = host.queue.row("http://h/pear").id();
        host.queue.fail(pear, ErrorClass.IO, Detail.NONE, "x");
        session.execute("ls -s FAILED | grep pear");
        assertThat(out()).contains(pear).doesNotContain("apple").doesNotContain("STATE");
    }

    @Test
    void aDownloadStandsForItsId() throws Exception {
        var a = host.queue.row("http://h/a").id();
        session.execute("pause ((ls) get 0)");
        session.execute("each (ls) { resume $it }");
        assertThat(host.queue.commands).containsExactly("PAUSE " + a, "RESUME " + a);
    }

    @Test
    void wordsAreTakenAsTheyStand() throws Exception {
        session.execute(
                PromptParser.quoteLinks("add -o 007 --paused http://h/~u/1e3%20*?a[0]=b&c!#c"));
        var request = host.queue.requests.get(0);
        assertThat(request.fileName()).isEqualTo("007");
        assertThat(request.link()).isEqualTo("http://h/~u/1e3%20*?a[0]=b&c!#c");
    }

    @Test
    void mistakesAreSentences() {
        assertThatThrownBy(() -> session.execute("show 01"))
                .hasToString("No download has an id that begins with \"01\".");
        assertThatThrownBy(() -> session.execute("ls --stat x"))
                .hasToString("ls has no option --stat; did you mean --state?");
    }

    @Test
    void waitIsAVerbAndNotAMethodOfEveryObject() throws Exception {
        assertThatThrownBy(() -> session.execute("wait")).hasToString("wait needs an id.");
        var a = host.queue.complete(host.queue.row("http://h/a").id(), folder.resolve("a"));
        assertThat(session.execute("wait " + a.id())).isNull();
    }

    @Test
    void aVerbIsBrokenOffLikeAnyCommand() throws Exception {
        var a = host.queue.row("http://h/a").id();
        var thread =
                new Thread(
                        () -> {
                            try {
                                session.execute("wait " + a);
                            } catch (Exception e) {
                                // That is how a session tells it.
                            }
                        });
        thread.start();
        Await.until("waiting", () -> host.feed.awaiting(a) == 1);
        session.foregroundJob().interrupt();
        thread.join();
        Await.until("the end", () -> host.feed.awaiting(a) == 0);

        assertThat(host.queue.commands).isEmpty();
        session.execute("ls | grep http");
        assertThat(out()).contains(a);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static final class NoContext implements Shell.Context {
        @Override
        public String getProperty(String name) {
            return System.getProperty(name);
        }

        @Override
        public void exit() {}
    }
}
