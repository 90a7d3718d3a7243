package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadState;
import dev.capstan.download.spi.StoreException;
import dev.capstan.event.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventsTest {
    private final RecordedEvents recorded = new RecordedEvents();
    private volatile boolean storeAnswers = true;
    private final Events events = new Events(recorded, this::counts);

    @BeforeEach
    void start() {
        events.start();
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void aPlaceThatWasTakenFirstIsToldFirstWhoeverIsReadyFirst() {
        var first = events.reserve(Topics.DOWNLOAD_ADDED);
        var second = events.reserve(Topics.DOWNLOAD_STATE);

        second.fill(List.of("second"));
        first.fill(List.of("first"));

        assertThat(told(2)).containsExactly("[first]", "[second]");
    }

    @Test
    void aPlaceThatIsGivenUpHoldsNobodyUp() {
        var first = events.reserve(Topics.DOWNLOAD_STATE);
        events.reserve(Topics.DOWNLOAD_STATE).fill(List.of("second"));

        first.giveUp();

        assertThat(told(1)).containsExactly("[second]");
    }

    @Test
    void neighboursOfOneTopicGoOutAsOneList() {
        var first = events.reserve(Topics.DOWNLOAD_STATE);
        for (var i = 0; i < 2_500; i++) {
            events.reserve(Topics.DOWNLOAD_STATE).fill(List.of("item"));
        }
        events.postHost(Topics.HOST_ADDED, "acme");
        first.fill(List.of("item"));

        Await.until(
                () ->
                        recorded.all().stream()
                                .anyMatch(event -> event.getTopic().equals(Topics.HOST_ADDED)));
        var sizes = new ArrayList<Integer>();
        for (var event : recorded.all()) {
            if (event.getProperty(Topics.DOWNLOADS) instanceof List<?> list) {
                sizes.add(list.size());
            }
        }
        assertThat(sizes).containsExactly(1_000, 1_000, 501);
    }

    @Test
    void anEventAdminThatFailsStopsNothing() {
        recorded.onPost(
                event -> {
                    if (event.getTopic().equals(Topics.HOST_REMOVED)) {
                        throw new IllegalStateException("a fault of the test's");
                    }
                });
        events.postHost(Topics.HOST_REMOVED, "acme");
        events.reserve(Topics.DOWNLOAD_STATE).fill(List.of("after"));

        assertThat(told(1)).containsExactly("[after]");
    }

    @Test
    void transitionsCarryTheCountsAndAreToldWithoutThemWhereTheStoreIsSilent() {
        events.reserve(Topics.DOWNLOAD_STATE).fill(List.of("counted"));
        Await.until(() -> recorded.all().size() == 1);
        storeAnswers = false;
        events.reserve(Topics.DOWNLOAD_REMOVED).fill(List.of("not counted"));
        events.post(Topics.DOWNLOAD_PROGRESS, Topics.DOWNLOADS, List.of("moves"));

        assertThat(told(3)).containsExactly("[counted]", "[not counted]", "[moves]");
        assertThat(recorded.all())
                .extracting(event -> event.getProperty(Topics.COUNTS))
                .containsExactly(Map.of(DownloadState.QUEUED, 7L), null, null);
    }

    @Test
    void whatIsInLineIsToldBeforeItCloses() {
        for (var i = 0; i < 100; i++) {
            events.postHost(Topics.HOST_ADDED, "host" + i);
        }
        events.close();

        assertThat(recorded.all()).hasSize(100);
    }

    private Map<DownloadState, Long> counts() {
        if (!storeAnswers) {
            throw new StoreException(StoreException.Reason.IO, "a fault of the test's", null);
        }
        return Map.of(DownloadState.QUEUED, 7L);
    }

    private List<String> told(int count) {
        Await.until(() -> recorded.all().size() == count);
        return recorded.all().stream()
                .map(event -> event.getProperty(Topics.DOWNLOADS).toString())
                .toList();
    }
}
