package dev.capstan.admin.shell.host;

import dev.capstan.content.ContentReader;
import dev.capstan.content.Digest;
import dev.capstan.download.Added;
import dev.capstan.download.Arrival;
import dev.capstan.download.Batch;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadChange;
import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadPage;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException;
import dev.capstan.download.Segment;
import dev.capstan.download.Source;
import dev.capstan.download.Statistics;
import dev.capstan.download.Status;
import dev.capstan.download.Target;
import dev.capstan.event.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.osgi.service.event.Event;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;

/** The other side of the contract: a queue whose downloads go where a test sends them. */
public final class ScriptedDownloads implements Downloads {
    public static final String SHA =
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private final Feed feed;
    private final Map<String, Download> rows = new ConcurrentSkipListMap<>();
    private final Map<String, Batch> batches = new ConcurrentSkipListMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong clock = new AtomicLong(1_760_000_000_000L);
    public final List<DownloadRequest> requests = new CopyOnWriteArrayList<>();
    public final AtomicInteger reads = new AtomicInteger();
    public final List<String> commands = new CopyOnWriteArrayList<>();
    public volatile BiFunction<ScriptedDownloads, DownloadRequest, Added> adding =
            (queue, request) -> Added.of(Added.Outcome.CREATED, queue.row(request));

    /** Whether nothing is told, as nothing is while the queue is being exchanged. */
    volatile boolean away;

    public ScriptedDownloads(Feed feed) {
        this.feed = feed;
    }

    /** A row for a request, queued. */
    public Download row(DownloadRequest request) {
        var link = request.link();
        var name = request.fileName();
        var id = "01KAB%05d0000000000000000".formatted(count.incrementAndGet());
        var now = tick();
        var download =
                new Download(
                        id,
                        Download.Kind.FILE,
                        new Source(link, link, "direct", null, request.trust()),
                        new Target(name, name != null, request.folder(), null, null, null),
                        request.options(),
                        request.batch(),
                        Status.NEW,
                        Metrics.NONE,
                        request.promised(),
                        null,
                        Map.of(),
                        null,
                        request.priority(),
                        0,
                        now,
                        now,
                        null);
        put(download, Topics.DOWNLOAD_ADDED);
        return download;
    }

    public Download row(String link) {
        return row(DownloadRequest.of(link));
    }

    /** Changes a row and tells it. */
    public Download move(String id, UnaryOperator<Download> change) {
        var moved = change.apply(rows.get(id)).copy().updated(tick()).build();
        put(moved, Topics.DOWNLOAD_STATE);
        return moved;
    }

    public Download to(String id, DownloadState state, Phase phase) {
        return move(id, d -> d.copy().status(d.status().with(state, phase, null)).build());
    }

    public Download transferring(String id, long size, long downloaded) {
        to(id, DownloadState.DOWNLOADING, Phase.TRANSFERRING);
        return move(id, d -> d.copy().metrics(new Metrics(size, downloaded, 1 << 20, 4)).build());
    }

    public Download complete(String id, Path file) {
        return move(
                id,
                d ->
                        d.copy()
                                .target(
                                        d.target()
                                                .withName(file.getFileName().toString())
                                                .withPlaced(file))
                                .digest(Digest.sha256(SHA))
                                .metrics(new Metrics(4, 4, 0, 0))
                                .status(d.status().with(DownloadState.COMPLETED, Phase.NONE, null))
                                .build());
    }

    public Download fail(String id, ErrorClass errorClass, Detail detail, String sentence) {
        return move(
                id,
                d -> {
                    var error = new DownloadError(tick(), errorClass, detail, sentence, 0);
                    var status = d.status().with(DownloadState.FAILED, Phase.NONE, null);
                    return d.copy().status(status.withError(error)).build();
                });
    }

    public void batch(Batch batch) {
        batches.put(batch.id(), batch);
    }

    public Download only() {
        return rows.values().iterator().next();
    }

    public List<Download> all() {
        return List.copyOf(rows.values());
    }

    /** Tells an old snapshot once more, as a slow event would. */
    public void tell(Download snapshot) {
        tell(snapshot, Topics.DOWNLOAD_STATE);
    }

    @Override
    public Promise<List<Added>> add(List<DownloadRequest> wishes) {
        requests.addAll(wishes);
        var answers = new ArrayList<Added>();
        wishes.forEach(wish -> answers.add(adding.apply(this, wish)));
        return Promises.resolved(answers);
    }

    @Override
    public Optional<Download> get(String id) {
        reads.incrementAndGet();
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public Promise<List<Download>> withLink(String link) {
        return Promises.resolved(
                rows.values().stream().filter(d -> d.source().link().equals(link)).toList());
    }

    @Override
    public List<Download> match(String prefix, int limit) {
        return rows.values().stream()
                .filter(d -> d.id().startsWith(prefix.toUpperCase()))
                .sorted(Comparator.comparing(Download::id).reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public DownloadPage list(DownloadQuery query) {
        Comparator<Download> order =
                switch (query.sort()) {
                    case NAME -> Comparator.comparing(Download::displayName);
                    case SIZE -> Comparator.comparing(d -> d.metrics().size());
                    default -> Comparator.comparing(Download::id);
                };
        var found =
                rows.values().stream()
                        .filter(d -> query.states().isEmpty() || query.states().contains(d.state()))
                        .filter(d -> query.batch() == null || isIn(query.batch(), d))
                        .filter(d -> query.text() == null || d.displayName().contains(query.text()))
                        .sorted(query.descending() ? order.reversed() : order)
                        .toList();
        var from = query.cursor() == null ? 0 : Integer.parseInt(query.cursor());
        var to = Math.min(found.size(), from + query.limit());
        var next = to < found.size() ? Integer.toString(to) : null;
        return new DownloadPage(found.subList(from, to), next, found.size(), counts());
    }

    @Override
    public List<Segment> segments(String id) {
        return List.of();
    }

    @Override
    public Arrival arrival(String id) {
        return Arrival.NONE;
    }

    @Override
    public Promise<ContentReader> open(String id) {
        throw new UnsupportedOperationException("Nothing is played here");
    }

    @Override
    public Promise<Download> command(String id, Command command) {
        commands.add(command + " " + id);
        var download = rows.get(id);
        var next =
                switch (command) {
                    case PAUSE -> DownloadState.PAUSED;
                    case RESUME, RETRY -> DownloadState.QUEUED;
                    case CANCEL -> DownloadState.CANCELLED;
                };
        if (download == null) {
            return Promises.failed(refusal(RefusedException.Reason.NOT_FOUND, "There is none."));
        }
        if (!download.state().canMoveTo(next)) {
            var sentence = "It is " + download.state() + " and cannot be moved.";
            return Promises.failed(refusal(RefusedException.Reason.ILLEGAL_MOVE, sentence));
        }
        return Promises.resolved(to(id, next, Phase.NONE));
    }

    @Override
    public Promise<Download> change(String id, DownloadChange change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Promise<Download> remove(String id, boolean deleteFile) {
        var removed = rows.remove(id);
        commands.add("REMOVE " + id + " " + deleteFile);
        tell(removed, Topics.DOWNLOAD_REMOVED);
        return Promises.resolved(removed);
    }

    @Override
    public Optional<Batch> batch(String id) {
        return Optional.ofNullable(batches.get(id));
    }

    @Override
    public List<Batch> batches(Instant before, int limit) {
        return batches.values().stream().limit(limit).toList();
    }

    @Override
    public Promise<List<Download>> commandBatch(String id, Command command) {
        commands.add(command + " batch " + id);
        return Promises.resolved(rows.values().stream().filter(d -> isIn(id, d)).toList());
    }

    @Override
    public Promise<List<Download>> removeBatch(String id, boolean deleteFiles) {
        throw new UnsupportedOperationException("No verb removes a batch");
    }

    @Override
    public Statistics statistics() {
        var ended = new Statistics.Totals(3, 1, 3 << 20);
        return new Statistics(
                counts(), 1 << 20, Statistics.Totals.NONE, ended, Map.of("direct", ended));
    }

    private static boolean isIn(String batch, Download download) {
        return download.batch() != null
                && download.batch().id().equals(batch)
                && download.kind() == Download.Kind.FILE;
    }

    private static RefusedException refusal(RefusedException.Reason reason, String sentence) {
        return new RefusedException(reason, sentence);
    }

    private Map<DownloadState, Long> counts() {
        return rows.values().stream()
                .collect(Collectors.groupingBy(Download::state, Collectors.counting()));
    }

    private Instant tick() {
        return Instant.ofEpochMilli(clock.incrementAndGet());
    }

    private void put(Download download, String topic) {
        rows.put(download.id(), download);
        tell(download, topic);
    }

    private void tell(Download download, String topic) {
        if (away) {
            return;
        }
        feed.handleEvent(new Event(topic, Map.of(Topics.DOWNLOADS, List.of(download))));
    }

    Set<String> ids() {
        return rows.keySet();
    }
}
