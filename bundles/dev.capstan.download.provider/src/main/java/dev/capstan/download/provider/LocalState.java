package dev.capstan.download.provider;

import dev.capstan.download.Statistics.Totals;
import dev.capstan.download.provider.Today.Day;
import dev.capstan.name.Ulid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this host remembers beside its downloads: the name it claims them by, and which links belong
 * to which host, so that those of a host that is away never fall to another one, and which ciphers
 * could be undone. A small properties file; losing it costs a wait for the leases of an older name,
 * and nothing else.
 *
 * <p>Safe for any thread; only its maker and {@link #flush} touch the disk.
 */
final class LocalState {
    private static final System.Logger LOG = System.getLogger(LocalState.class.getName());
    private static final String OWNER = "owner";
    private static final String HOST = "host.";
    private static final String BUNDLE = ".bundle";
    private static final String VERSION = ".version";
    private static final String SCHEMES = ".schemes";
    private static final String DOMAINS = ".domains";
    private static final String CIPHERS = "ciphers";
    private static final String DAY = "day";

    /** What a host claims. */
    record Claims(String bundle, String version, Set<String> schemes, List<String> domains) {
        Claims {
            schemes = Set.copyOf(schemes);
            domains = List.copyOf(domains);
        }
    }

    private final Path file;
    private final String owner;
    private final Map<String, Claims> hosts;
    private final Set<String> ciphers = ConcurrentHashMap.newKeySet();
    private Map<String, Claims> saved;
    private Set<String> savedCiphers;
    private volatile @Nullable Day day;
    private @Nullable Day savedDay;

    LocalState(Path file, Ulid ulids) {
        this.file = file;
        var stored = read(file);
        saved =
                stored.stringPropertyNames().stream()
                        .filter(key -> key.startsWith(HOST) && key.endsWith(BUNDLE))
                        .map(key -> key.substring(HOST.length(), key.length() - BUNDLE.length()))
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        id -> id, id -> claims(stored, HOST + id)));
        hosts = new ConcurrentHashMap<>(saved);
        savedCiphers = list(stored, CIPHERS).collect(Collectors.toUnmodifiableSet());
        ciphers.addAll(savedCiphers);
        savedDay = day(stored.getProperty(DAY, ""));
        day = savedDay;
        owner = stored.getProperty(OWNER, ulids.next());
        if (!stored.containsKey(OWNER)) {
            save(saved, savedCiphers, savedDay);
        }
    }

    /** Who takes downloads here; the same over restarts (Q8). */
    String owner() {
        return owner;
    }

    /** The hosts that were ever here. */
    Map<String, Claims> hosts() {
        return Map.copyOf(hosts);
    }

    /** Notes what a host claims; on disk with the next {@link #flush}. */
    void remember(String id, Claims claims) {
        hosts.put(id, claims);
    }

    /** The ciphers that could ever be undone. */
    Set<String> ciphers() {
        return Set.copyOf(ciphers);
    }

    /** Notes that ciphers can be undone; on disk with the next {@link #flush}. */
    void rememberCiphers(Set<String> claimed) {
        ciphers.addAll(claimed);
    }

    /** The day that was counted last, or null. */
    @Nullable Day day() {
        return day;
    }

    /** Notes the day that is counted; on disk with the next {@link #flush}. */
    void remember(Day counted) {
        day = counted;
    }

    /** Writes what changed. Called by one thread at a time. */
    void flush() {
        var now = hosts();
        var nowCiphers = ciphers();
        var nowDay = day;
        if (!now.equals(saved)
                || !nowCiphers.equals(savedCiphers)
                || !Objects.equals(nowDay, savedDay)) {
            save(now, nowCiphers, nowDay);
        }
    }

    private void save(Map<String, Claims> known, Set<String> knownCiphers, @Nullable Day knownDay) {
        var properties = new Properties();
        properties.setProperty(OWNER, owner);
        properties.setProperty(CIPHERS, String.join(",", knownCiphers));
        if (knownDay != null) {
            var before = knownDay.before();
            properties.setProperty(
                    DAY,
                    "%s %d %d %d"
                            .formatted(
                                    knownDay.date(),
                                    before.completed(),
                                    before.failed(),
                                    before.bytes()));
        }
        known.forEach(
                (id, claims) -> {
                    properties.setProperty(HOST + id + BUNDLE, claims.bundle);
                    properties.setProperty(HOST + id + VERSION, claims.version);
                    properties.setProperty(HOST + id + SCHEMES, String.join(",", claims.schemes));
                    properties.setProperty(HOST + id + DOMAINS, String.join(",", claims.domains));
                });
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var beside = file.resolveSibling(file.getFileName() + ".new");
            try (var out = Files.newOutputStream(beside)) {
                properties.store(out, null);
            }
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            saved = known;
            savedCiphers = knownCiphers;
            savedDay = knownDay;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Could not write " + file + ": " + e);
        }
    }

    private static @Nullable Day day(String text) {
        var words = text.split(" ");
        try {
            return words.length != 4
                    ? null
                    : new Day(
                            LocalDate.parse(words[0]),
                            new Totals(
                                    Long.parseLong(words[1]),
                                    Long.parseLong(words[2]),
                                    Long.parseLong(words[3])));
        } catch (DateTimeException | NumberFormatException e) {
            return null; // somebody's hand was in it; the day begins anew
        }
    }

    private static Claims claims(Properties stored, String prefix) {
        return new Claims(
                stored.getProperty(prefix + BUNDLE, ""),
                stored.getProperty(prefix + VERSION, ""),
                list(stored, prefix + SCHEMES).collect(Collectors.toSet()),
                list(stored, prefix + DOMAINS).toList());
    }

    private static Stream<String> list(Properties stored, String key) {
        return Stream.of(stored.getProperty(key, "").split(",")).filter(item -> !item.isEmpty());
    }

    private static Properties read(Path file) {
        var properties = new Properties();
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                LOG.log(System.Logger.Level.WARNING, "Could not read " + file + ": " + e);
            }
        }
        return properties;
    }
}
