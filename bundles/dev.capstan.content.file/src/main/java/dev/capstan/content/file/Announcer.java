package dev.capstan.content.file;

import dev.capstan.event.Topics;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** Posts what happened to items, if anybody carries events. */
final class Announcer {
    private volatile @Nullable EventAdmin admin;

    void use(@Nullable EventAdmin carrier) {
        admin = carrier;
    }

    void drop(EventAdmin carrier) {
        if (admin == carrier) {
            admin = null;
        }
    }

    void committed(String hex, long size) {
        post(Topics.CONTENT_COMMITTED, Map.of(Topics.DIGEST, hex, Topics.SIZE, size));
    }

    void evicted(String hex, long size) {
        post(Topics.CONTENT_EVICTED, Map.of(Topics.DIGEST, hex, Topics.SIZE, size));
    }

    void quarantined(String hex, String reason) {
        post(Topics.CONTENT_QUARANTINED, Map.of(Topics.DIGEST, hex, Topics.REASON, reason));
    }

    private void post(String topic, Map<String, ?> properties) {
        var carrier = admin;
        if (carrier != null) {
            carrier.postEvent(new Event(topic, properties));
        }
    }
}
