package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.Placed;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.health.HealthCheck;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The content store in two folders. What each part does is told where it is done: {@link Stage} for
 * what is unfinished, {@link Committer} for how it becomes content, {@link Vault} for what is
 * finished, {@link Index} for what is known of it, {@link Placer} for human names.
 *
 * <p>When it goes (H2a), what is being filled is checkpointed, whoever waits is woken with an
 * error, and commits and placings end within a block; the next start goes on from the same byte.
 */
@Component(
        immediate = true,
        service = {ContentStore.class, Contents.class, HealthCheck.class},
        configurationPid = FileContentStore.PID,
        property = HealthCheck.NAME + "=content")
@Designate(ocd = FileContentStore.Configuration.class)
public final class FileContentStore implements ContentStore, HealthCheck {
    /** The configuration's PID. */
    public static final String PID = "dev.capstan.content.file";

    private static final int MOST_OPERATIONS = Integer.MAX_VALUE;

    /** The store's settings. */
    @ObjectClassDefinition(
            name = "Capstan: content store",
            description = "Where content is kept, and how much of it.")
    public @interface Configuration {

        /**
         * The content folder.
         *
         * @return a path; empty for the data folder's own
         */
        @AttributeDefinition(
                name = "Folder",
                description =
                        "Folder of finished content; empty for \"content\" in the data folder.")
        String directory() default "";

        /**
         * The staging folder.
         *
         * @return a path; empty for the data folder's own
         */
        @AttributeDefinition(
                name = "Folder of what is unfinished",
                description =
                        "Folder of unfinished transfers, best on the same volume; empty for"
                                + " \"staging\" in the data folder.")
        String stagingDirectory() default "";

        /**
         * The most that is kept.
         *
         * @return bytes
         */
        @AttributeDefinition(
                name = "Most bytes",
                min = "0",
                description = "Most bytes of unpinned content; 0 for maxPercent of the volume.")
        long maxBytes() default 0;

        /**
         * The most that is kept, as a part of the volume.
         *
         * @return percent
         */
        @AttributeDefinition(
                name = "Most of the volume (%)",
                min = "0",
                max = "100",
                description = "Most of the volume for unpinned content, where maxBytes is 0.")
        int maxPercent() default 10;

        /**
         * The most items that are kept.
         *
         * @return a number
         */
        @AttributeDefinition(
                name = "Most items",
                min = "0",
                description = "Most unpinned items; 0 for no limit.")
        long maxItems() default 0;

        /**
         * How long what is unused is kept.
         *
         * @return days
         */
        @AttributeDefinition(
                name = "Days unused",
                min = "0",
                description = "Days unpinned content is kept unused; 0 for no limit.")
        int maxAgeDays() default 7;

        /**
         * What stays free.
         *
         * @return bytes
         */
        @AttributeDefinition(
                name = "Bytes that stay free",
                min = "0",
                description = "Bytes of the volume that stay free.")
        long minFreeBytes() default 64 << 20;

        /**
         * How long what is unfinished is kept.
         *
         * @return days
         */
        @AttributeDefinition(
                name = "Days unfinished",
                min = "0",
                description = "Days an unfinished transfer is kept untouched; 0 for no limit.")
        int stagingMaxAgeDays() default 30;

        /**
         * How often content is hashed again.
         *
         * @return days
         */
        @AttributeDefinition(
                name = "Days of a verification",
                min = "0",
                description = "Days in which all content is hashed again; 0 for never.")
        int verifyDays() default 30;
    }

    private final Announcer announcer = new Announcer();
    private final Decryptors decryptors = new Decryptors();
    private final Semaphore operations = new Semaphore(MOST_OPERATIONS);
    private final Store store;

    /**
     * Starts the store.
     *
     * @param context tells the data folder
     * @param configuration the settings
     * @throws IOException if a folder cannot be made, or is in use by another store
     */
    @Activate
    public FileContentStore(BundleContext context, Configuration configuration) throws IOException {
        this(
                layout(DataFolder.of(context), configuration),
                limits(configuration),
                InstantSource.system(),
                Steps.NONE);
    }

    FileContentStore(Layout layout, Limits limits, InstantSource clock, Steps steps)
            throws IOException {
        store = Store.open(layout, limits, clock, steps, announcer, decryptors);
    }

    private static Layout layout(DataFolder data, Configuration configuration) {
        return new Layout(
                folder(configuration.directory(), data.content()),
                folder(configuration.stagingDirectory(), data.staging()));
    }

    private static Path folder(String configured, Path otherwise) {
        return configured.isBlank()
                ? otherwise
                : Path.of(configured.strip()).toAbsolutePath().normalize();
    }

    private static Limits limits(Configuration configuration) {
        return new Limits(
                Math.max(0, configuration.maxBytes()),
                Math.min(100, Math.max(0, configuration.maxPercent())),
                Math.max(0, configuration.maxItems()),
                days(configuration.maxAgeDays()),
                Math.max(0, configuration.minFreeBytes()),
                days(configuration.stagingMaxAgeDays()),
                days(configuration.verifyDays()));
    }

    private static Duration days(int count) {
        return Duration.ofDays(Math.max(0, count));
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEventAdmin(EventAdmin admin) {
        announcer.use(admin);
    }

    void unbindEventAdmin(EventAdmin admin) {
        announcer.drop(admin);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDecryptor(Decryptor decryptor, Map<String, Object> properties) {
        decryptors.add(decryptor, properties);
    }

    void unbindDecryptor(Decryptor decryptor) {
        decryptors.remove(decryptor);
    }

    /** Checkpoints what is being filled, and ends. */
    @Deactivate
    void close() {
        store.stop();
        try {
            // Commits and placings see that the store is gone with their next block.
            if (operations.tryAcquire(MOST_OPERATIONS, 5, TimeUnit.SECONDS)) {
                operations.release(MOST_OPERATIONS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    /** What it is made of. */
    Store parts() {
        return store;
    }

    @Override
    public Ingest ingest(IngestRequest request) throws DownloadException {
        var cipher = request.cipher();
        // D17: what cannot be undone is told before the first byte is fetched.
        var transform = cipher == null ? null : decryptors.open(cipher);
        var staging = store.stage().open(request);
        return new StagingHandle(staging, store, request.lookAhead(), transform);
    }

    @Override
    public Content commit(Ingest ingest, CommitRequest request)
            throws DownloadException, InterruptedException {
        if (!(ingest instanceof StagingHandle handle)) {
            throw new IllegalArgumentException("The ingest is another store's");
        }
        enter();
        try {
            var content = store.committer().commit(handle.staging(), request);
            store.housekeeper().afterCommit();
            return content;
        } finally {
            operations.release();
        }
    }

    @Override
    public RangeSet staged(SourceKey source) {
        return store.stage().present(Layout.key(source));
    }

    @Override
    public void discardStaged(SourceKey source) {
        store.stage().discard(Layout.key(source));
    }

    @Override
    public void failStaged(SourceKey source, DownloadException error) {
        store.stage().fail(Layout.key(source), error);
    }

    @Override
    public void revalidated(Digest digest, SourceKey source, Validator validator) {
        var item = store.index().get(digest);
        if (item != null) {
            var origin = new Item.Origin(source, validator, store.clock().instant());
            store.index().update(item.hex(), true, known -> known.withOrigin(origin, null));
        }
    }

    @Override
    public Placed place(Digest digest, Path folder, String name)
            throws DownloadException, InterruptedException {
        requireName(folder, name);
        enter();
        try {
            var hex = hex(digest);
            var held = store.vault().hold(hex);
            if (held.isEmpty()) {
                throw Vault.notHere(hex);
            }
            try {
                store.index().touch(hex, store.clock().instant());
                return store.placer().place(held.get(), folder, name);
            } finally {
                store.vault().release(hex);
            }
        } catch (IOException e) {
            throw Disk.error(e, folder, "Content " + digest.hex() + " cannot be read");
        } finally {
            operations.release();
        }
    }

    @Override
    public Placed placeLocal(Path file, Path folder, String name)
            throws DownloadException, InterruptedException {
        requireName(folder, name);
        enter();
        try {
            return store.placer().placeLocal(file, folder, name);
        } finally {
            operations.release();
        }
    }

    @Override
    public ContentReader openLocal(Path file) throws DownloadException {
        return Vault.openLocal(file);
    }

    @Override
    public Optional<Content> find(Digest digest) {
        return Optional.ofNullable(store.index().get(digest))
                .map(item -> store.vault().content(item, null));
    }

    @Override
    public Digest digest(Digest digest, String algorithm)
            throws DownloadException, InterruptedException {
        enter();
        try {
            return store.vault().digest(hex(digest), algorithm);
        } finally {
            operations.release();
        }
    }

    @Override
    public Optional<Content> find(SourceKey source) {
        return Optional.ofNullable(store.index().get(source))
                .map(item -> store.vault().content(item, source));
    }

    @Override
    public Optional<ContentReader> open(Digest digest) throws IOException {
        return store.vault().open(hex(digest)).map(ContentReader.class::cast);
    }

    @Override
    public Optional<ContentReader> open(SourceKey source) throws IOException {
        // What is stored is better than a transfer that may only learn that it is up to date.
        var arriving = store.stage().isOpen(source) ? openArriving(source, true) : null;
        if (arriving != null) {
            return Optional.of(arriving);
        }
        var item = store.index().get(source);
        if (item != null) {
            var stored = store.vault().open(item.hex());
            if (stored.isPresent()) {
                return Optional.of(stored.get());
            }
        }
        return Optional.ofNullable(openArriving(source, false));
    }

    private @Nullable ContentReader openArriving(SourceKey source, boolean onlyBegun)
            throws IOException {
        try {
            return store.openArriving(source, onlyBegun);
        } catch (DownloadException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public boolean pin(Digest digest, String owner) {
        var item = store.index().get(digest);
        return item != null && !store.isStopped() && store.vault().pin(item.hex(), owner);
    }

    @Override
    public void unpin(Digest digest, String owner) {
        var item = store.index().get(digest);
        if (item != null) {
            store.vault().unpin(item.hex(), owner);
        }
    }

    @Override
    public boolean verify(Digest digest) throws DownloadException, InterruptedException {
        enter();
        try {
            return store.vault().verify(hex(digest));
        } finally {
            operations.release();
        }
    }

    @Override
    public boolean evict(Digest digest) {
        return !store.isStopped() && store.vault().evict(hex(digest));
    }

    @Override
    public List<Content> list(@Nullable Digest after, int limit) {
        return store.index().after(after == null ? null : after.hex(), limit).stream()
                .map(item -> store.vault().content(item, null))
                .toList();
    }

    @Override
    public Usage usage() {
        return store.usage();
    }

    @Override
    public List<Finding> check(boolean thorough) {
        return store.health().check(thorough);
    }

    /** The item's name, also where it is asked for by another digest. */
    private String hex(Digest digest) {
        var item = store.index().get(digest);
        return item != null ? item.hex() : digest.hex();
    }

    private void enter() throws DownloadException {
        if (store.isStopped() || !operations.tryAcquire()) {
            throw Disk.gone();
        }
    }

    private static void requireName(Path folder, String name) throws DownloadException {
        var path = path(folder, name);
        if (!folder.isAbsolute()
                || name.isEmpty()
                || !folder.equals(path.getParent())
                || !path.normalize().equals(path)) {
            throw new IllegalArgumentException(
                    "Needs an absolute folder and one safe name: " + folder + " and " + name);
        }
    }

    /** Java writes only those names that the locale it was started in has letters for. */
    private static Path path(Path folder, String name) throws DownloadException {
        try {
            return folder.resolve(name);
        } catch (InvalidPathException e) {
            if (name.indexOf('\0') >= 0) {
                throw e;
            }
            throw new DownloadException(
                    ErrorClass.IO,
                    "No file can be named "
                            + name
                            + " in the locale that Capstan was started in. Start it with"
                            + " LC_ALL=C.UTF-8 and retry, or choose another name.",
                    DownloadException.Detail.FOLDER,
                    null,
                    e);
        }
    }
}
