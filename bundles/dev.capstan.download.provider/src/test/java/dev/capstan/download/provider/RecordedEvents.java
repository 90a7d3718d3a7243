package dev.capstan.download.provider;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.event.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** Keeps what was posted, in order. */
final class RecordedEvents implements EventAdmin {
    private final List<Event> events = new ArrayList<>();
    private volatile Consumer<Event> listener = event -> {};

    /** Sets who hears of each event as it is posted. */
    void onPost(Consumer<Event> heard) {
        listener = heard;
    }

    @Override
    public void postEvent(Event event) {
        listener.accept(event);
        synchronized (this) {
            events.add(event);
        }
    }

    @Override
    public void sendEvent(Event event) {
        throw new UnsupportedOperationException("Events are posted, so that no handler slows us");
    }

    synchronized List<Event> all() {
        return List.copyOf(events);
    }

    /** The downloads that were told of under a topic. */
    List<Download> downloads(String topic) {
        var downloads = new ArrayList<Download>();
        for (var event : all()) {
            if (event.getTopic().equals(topic)) {
                for (var item : (List<?>) event.getProperty(Topics.DOWNLOADS)) {
                    downloads.add((Download) item);
                }
            }
        }
        return downloads;
    }

    /** The states one download was told to be in, without repetitions. */
    List<DownloadState> states(String id) {
        var states = new ArrayList<DownloadState>();
        for (var download : downloads(Topics.DOWNLOAD_STATE)) {
            var state = download.state();
            if (download.id().equals(id)
                    && (states.isEmpty() || states.get(states.size() - 1) != state)) {
                states.add(state);
            }
        }
        return states;
    }
}
