package dev.capstan.admin.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
    @TempDir private Path folder;
    private TestHost host;
    private Completion completion;

    @BeforeEach
    void startHost() {
        host = new TestHost(folder);
        completion = new Completion(host.services, host.commands);
    }

    @Test
    void idsAreThoseTheVerbCanDoSomethingTo() {
        var queued = host.queue.row("http://h/a").id();
        var paused = host.queue.to(host.queue.row("l").id(), DownloadState.PAUSED, Phase.NONE).id();

        assertThat(texts("pause", "")).containsExactly(queued);
        assertThat(texts("resume", "")).containsExactly(paused);
        assertThat(texts("show", "")).containsExactlyInAnyOrder(queued, paused);
        assertThat(texts("show", queued.substring(0, 10))).containsExactly(queued);
        assertThat(completion.words(List.of("pause"), "").get(0).description())
                .isEqualTo("queued, http://h/a");
    }

    @Test
    void optionsAndTheirValuesAreKnown() {
        assertThat(texts("ls", "-")).contains("--state", "--help");
        assertThat(completion.words(List.of("ls", "--state"), "fa"))
                .extracting(Completion.Choice::text)
                .contains("failed");
        assertThat(completion.words(List.of("ls", "-s"), "")).hasSize(7);
        assertThat(texts("features", "")).contains("update");
        assertThat(texts("help", "")).isEqualTo(Commands.VERBS);
    }

    @Test
    void withoutAQueueNothingIsOffered() {
        host.takeQueueAway();
        assertThat(texts("show", "")).isEmpty();
        assertThat(texts("nonsense", "")).isEmpty();
    }

    private List<String> texts(String verb, String word) {
        return completion.words(List.of(verb), word).stream().map(Completion.Choice::text).toList();
    }
}
