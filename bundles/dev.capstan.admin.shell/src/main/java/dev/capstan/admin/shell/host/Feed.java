package dev.capstan.admin.shell.host;

import dev.capstan.download.Download;
import dev.capstan.event.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/**
 * Hands the host's events on to whoever follows downloads in this bundle.
 *
 * <p>Events come on a thread of the Event Admin service; listeners only take note and return.
 */
@Component(
        service = {Feed.class, EventHandler.class},
        property = {
            EventConstants.EVENT_TOPIC + "=" + Topics.DOWNLOAD_ADDED,
            EventConstants.EVENT_TOPIC + "=" + Topics.DOWNLOAD_STATE,
            EventConstants.EVENT_TOPIC + "=" + Topics.DOWNLOAD_PROGRESS,
            EventConstants.EVENT_TOPIC + "=" + Topics.DOWNLOAD_REMOVED
        })
public final class Feed implements EventHandler {
    private final Set<Listener> listeners = new CopyOnWriteArraySet<>();

    /** Takes note of what happened; must not block. */
    public interface Listener {
        /** Downloads are new, moved or have another state. */
        void changed(List<Download> downloads);

        /** Downloads are gone. */
        void removed(List<Download> downloads);

        /** Whether this listener waits for the end of a download. */
        boolean awaits(String id);
    }

    /** Creates a feed nobody listens to. */
    @Activate
    public Feed() {}

    @Override
    public void handleEvent(Event event) {
        if (listeners.isEmpty()
                || !(event.getProperty(Topics.DOWNLOADS) instanceof Collection<?> raw)) {
            return;
        }
        var downloads = new ArrayList<Download>();
        for (var each : raw) {
            if (each instanceof Download download) {
                downloads.add(download);
            }
        }
        var removed = event.getTopic().equals(Topics.DOWNLOAD_REMOVED);
        for (var listener : listeners) {
            if (removed) {
                listener.removed(downloads);
            } else {
                listener.changed(downloads);
            }
        }
    }

    /** Begins to tell a listener. */
    public void add(Listener listener) {
        listeners.add(listener);
    }

    /** Tells a listener no more. */
    public void remove(Listener listener) {
        listeners.remove(listener);
    }

    /** How many listeners wait for the end of a download. */
    public int awaiting(String id) {
        var count = 0;
        for (var listener : listeners) {
            if (listener.awaits(id)) {
                count++;
            }
        }
        return count;
    }
}
