package dev.capstan.feature.provider;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Remembers which bytes were being started when the process died, so that the next start of the
 * host leaves them alone: a plug-in that kills the host does so once.
 *
 * <p>{@code starting} holds digest and name while a bundle starts; {@code quarantine.properties}
 * holds the same for those that never came back. Both are synced: what kills a process may kill the
 * machine.
 */
final class Quarantine {
    private static final System.Logger LOG = System.getLogger(Quarantine.class.getName());

    private final PropertiesFile starting;
    private final PropertiesFile list;
    private final Properties held;

    Quarantine(Path folder) {
        starting = new PropertiesFile(folder.resolve("starting.properties"));
        list = new PropertiesFile(folder.resolve("quarantine.properties"));
        held = list.readOrEmpty();
        var died = starting.readOrEmpty();
        if (!died.isEmpty()) {
            held.putAll(died);
            try {
                list.write(held);
                starting.delete();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "The quarantine cannot be written", e);
            }
        }
    }

    static FeatureException refused(Jar jar) {
        return new FeatureException(
                Reason.UNRESOLVED,
                "The host died while %s started, so it is left alone until it is replaced or started"
                                .formatted(jar)
                        + " by name",
                null);
    }

    boolean holds(String digest) {
        return held.containsKey(digest);
    }

    /** Gives bytes another try, since somebody asked for it. */
    void release(String digest) throws IOException {
        if (held.remove(digest) != null) {
            list.write(held);
        }
    }

    /** Starts something under watch; where nothing can be written, without. */
    void guard(Jar jar, Change.Step start) throws FeatureException {
        try {
            var mark = new Properties();
            mark.setProperty(jar.digest(), jar.toString());
            starting.write(mark);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A bundle is started without a mark", e);
        }
        try {
            start.take();
        } finally {
            removeMark();
        }
    }

    private void removeMark() {
        try {
            starting.delete();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The mark of a started bundle stays", e);
        }
    }
}
