package dev.capstan.download.sqlite;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Batch;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadPage;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Statistics;
import dev.capstan.download.spi.Claim;
import dev.capstan.download.spi.DownloadStore;
import dev.capstan.download.spi.StoreException;
import dev.capstan.health.HealthCheck;
import dev.capstan.name.DataFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Downloads in one SQLite database. Writes go through one thread that commits them in groups, reads
 * through a few connections of their own.
 *
 * <p>Where the database cannot be opened, the store is there all the same: each call throws why, a
 * health check tells it, and each call tries again.
 */
@Component(
        service = {DownloadStore.class, HealthCheck.class},
        configurationPid = SqliteDownloadStore.PID,
        property = HealthCheck.NAME + "=database")
@Designate(ocd = SqliteDownloadStore.Config.class)
public final class SqliteDownloadStore implements DownloadStore, HealthCheck {
    static final String PID = "dev.capstan.download.sqlite";

    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration FIRST_BACKUP = Duration.ofMinutes(1);

    // Each may be waited for twice, before and after it was broken off: together under 2 s.
    private static final Duration CLOSING_READERS = Duration.ofMillis(200);
    private static final Duration CLOSING_WRITER = Duration.ofMillis(600);

    private final Database database;
    private final Upkeep upkeep;
    private final Writer writer;
    private final Readers readers;
    private final DatabaseHealth health;

    /** What can be configured. */
    @ObjectClassDefinition(
            name = "Capstan: database of downloads",
            description = "Where and how the queue is kept.")
    @interface Config {

        @AttributeDefinition(
                name = "Folder",
                description =
                        "Folder of the database; empty for \"db\" in the data folder. It must be"
                                + " on a local volume.")
        String directory() default "";

        @AttributeDefinition(
                name = "Readers",
                description = "Connections that read at once.",
                min = "1",
                max = "16")
        int readers() default 3;

        @AttributeDefinition(
                name = "Minutes between backups",
                description = "How often a copy of a changed database is made.",
                min = "1",
                max = "10080")
        int backupMinutes() default 60;
    }

    @Activate
    public SqliteDownloadStore(BundleContext context, Config config) {
        this(
                config.directory().isBlank()
                        ? DataFolder.of(context).db()
                        : Path.of(config.directory()).toAbsolutePath(),
                config.readers(),
                QUIET,
                FIRST_BACKUP,
                Duration.ofMinutes(config.backupMinutes()));
    }

    SqliteDownloadStore(
            Path folder, int readers, Duration quiet, Duration firstBackup, Duration backupEvery) {
        database = new Database(folder);
        upkeep = new Upkeep(database, quiet, firstBackup, backupEvery);
        writer = new Writer(database, upkeep);
        this.readers = new Readers(database, writer, readers);
        health = new DatabaseHealth(database, this.readers);
    }

    @Deactivate
    void close() throws InterruptedException {
        // Whoever stops the bundle may be interrupted; the database is closed all the same.
        var interrupted = Thread.interrupted();
        try {
            readers.close(CLOSING_READERS);
            // It is the writer that begins backups: none begins once it has ended.
            writer.close(CLOSING_WRITER);
            upkeep.close(CLOSING_READERS);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public List<Download> add(
            List<Download> wanted, BinaryOperator<Download> onSame, @Nullable Download alongside) {
        return writer.write(
                Durability.DURABLE,
                session -> Writes.add(session, wanted, onSame, alongside, writer::checkStopping));
    }

    @Override
    public boolean update(Download seen, Download next, Durability durability) {
        return writer.write(durability, Writes.Change.of(seen, next)::write);
    }

    @Override
    public Optional<Download> remove(String id) {
        return writer.write(Durability.DURABLE, session -> Writes.remove(session, id));
    }

    @Override
    public Optional<Download> claim(String id, Claim claim) {
        return writer.write(Durability.ORDERED, session -> Claims.claim(session, id, claim));
    }

    @Override
    public List<Download> claim(Claim claim, int most) {
        return writer.write(Durability.ORDERED, session -> Claims.claim(session, claim, most));
    }

    @Override
    public void renew(String owner, Instant until) {
        writer.write(Durability.ORDERED, session -> Claims.renew(session, owner, until));
    }

    @Override
    public int recover(String owner, Instant now) {
        return writer.write(Durability.ORDERED, session -> Claims.recover(session, owner, now));
    }

    @Override
    public Optional<Instant> nextDue(Instant after) {
        return readers.read(session -> Claims.nextDue(session, after));
    }

    @Override
    public Optional<Download> get(String id) {
        return readers.read(session -> Lookups.get(session, id));
    }

    @Override
    public List<Download> match(String prefix, int limit) {
        return readers.read(session -> Lookups.match(session, prefix, limit));
    }

    @Override
    public List<Download> withLink(String host, String canonical) {
        return readers.read(session -> Lookups.withLink(session, host, canonical));
    }

    @Override
    public Optional<Download> find(SourceKey source, Set<DownloadState> states) {
        return readers.read(session -> Lookups.find(session, source, states));
    }

    @Override
    public DownloadPage list(DownloadQuery query) {
        return readers.read(session -> Listing.page(session, query));
    }

    @Override
    public Map<DownloadState, Long> counts() {
        return readers.read(Lookups::counts);
    }

    @Override
    public Set<String> queuedHosts() {
        return readers.read(Claims::queuedHosts);
    }

    @Override
    public Optional<Batch> batch(String id) {
        return readers.read(session -> Lookups.batch(session, id));
    }

    @Override
    public List<Batch> batches(@Nullable Instant before, int limit) {
        return readers.read(session -> Lookups.batches(session, before, limit));
    }

    @Override
    public Map<String, Statistics.Totals> totals() {
        return readers.read(Lookups::totals);
    }

    @Override
    public List<String> notices() {
        var notices = new ArrayList<String>();
        try {
            writer.awaitOpen();
        } catch (StoreException e) {
            notices.add(String.valueOf(e.getMessage()));
        }
        notices.addAll(database.notices());
        return notices;
    }

    @Override
    public List<Finding> check(boolean thorough) {
        return health.check(thorough);
    }
}
