package dev.capstan.record.mpv;

import dev.capstan.content.ContentLinks;
import dev.capstan.content.Contents;
import dev.capstan.event.Topics;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.RecordPlayer;
import dev.capstan.record.Records;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventHandler;
import org.osgi.service.event.propertytypes.EventTopics;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Starts and stops players, each an mpv process of its own (E10). Registers the service of players
 * itself, since it is there only where mpv is.
 *
 * <p>Safe for any number of threads; each player has one of its own.
 */
@Component(immediate = true, service = EventHandler.class, configurationPid = MpvPlayers.PID)
@EventTopics(Topics.RECORD_PLAYING)
@Designate(ocd = MpvPlayers.Config.class)
public final class MpvPlayers implements RecordPlayer, EventHandler {
    /** Where it is configured. */
    static final String PID = "dev.capstan.record.mpv";

    private static final int MOST = 16;

    /** Configuration of players. */
    @ObjectClassDefinition(name = "Capstan: mpv", description = "Players of etched records.")
    @interface Config {

        /** The program. */
        @AttributeDefinition(
                name = "Program",
                description = "The mpv program: a path, or a name to be found on PATH.")
        String program() default "mpv";

        /** What it is told beyond what it needs. */
        @AttributeDefinition(
                name = "Arguments",
                description = "More arguments, for example --audio-device=alsa/default.")
        String[] arguments() default {};
    }

    private final Records records;
    private final Contents contents;
    private final Config config;
    private final Map<String, Follower> followers = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final @Nullable ServiceRegistration<RecordPlayer> registration;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable ContentLinks links;

    /** Offers players, if there is mpv. */
    @Activate
    public MpvPlayers(
            BundleContext context,
            Config config,
            @Reference Records records,
            @Reference Contents contents) {
        this.records = records;
        this.contents = contents;
        this.config = config;
        registration =
                isInstalled(config.program())
                        ? context.registerService(RecordPlayer.class, this, null)
                        : null;
    }

    /** Ends all players. */
    @Deactivate
    void stop() {
        if (registration != null) {
            registration.unregister();
        }
        followers.values().forEach(Follower::close);
    }

    @Override
    public String listen(String id) throws RecordException {
        var record =
                records.get(id)
                        .orElseThrow(
                                () ->
                                        new RecordException(
                                                Reason.NOT_FOUND, "There is no record " + id));
        if (followers.size() >= MOST) {
            throw new RecordException(
                    Reason.UNAVAILABLE, "There are " + MOST + " players already.");
        }
        var name = "mpv-" + count.incrementAndGet() + "-" + id;
        try {
            var mpv = Mpv.start(config.program(), List.of(config.arguments()));
            var follower = new Follower(name, id, records, mpv, this::source, followers::remove);
            followers.put(name, follower);
            follower.begin();
        } catch (IOException e) {
            throw new RecordException(
                    Reason.UNAVAILABLE, config.program() + " does not start: " + e.getMessage(), e);
        }
        return name;
    }

    @Override
    public boolean stop(String listener) {
        var follower = followers.remove(listener);
        if (follower != null) {
            follower.close();
        }
        return follower != null;
    }

    @Override
    public List<String> listeners() {
        return List.copyOf(followers.keySet());
    }

    /** Somebody steers: whoever follows looks at once. */
    @Override
    public void handleEvent(Event event) {
        if (event.getProperty(Topics.RECORD) instanceof EtchedRecord record) {
            followers.values().forEach(follower -> follower.lookAt(record.id()));
        }
    }

    /** What mpv can open of a track: the file that is here, else a link to what arrives. */
    private Optional<String> source(EtchedRecord record, int index) {
        var digest = record.tracks().get(index).sha256();
        var here = digest == null ? null : contents.find(digest).orElse(null);
        if (here != null) {
            return Optional.of(here.path().toString());
        }
        var present = links;
        if (present != null) {
            return Optional.of(present.ofTrack(record.id(), index).uri().toString());
        }
        // Nobody serves streams in this host: it plays once it is here.
        var unused = records.prefetch(record.id());
        return Optional.empty();
    }

    private static boolean isInstalled(String program) {
        var path = System.getenv("PATH");
        return program.indexOf('/') >= 0
                ? Files.isExecutable(Path.of(program))
                : path != null
                        && Stream.of(path.split(File.pathSeparator))
                                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
