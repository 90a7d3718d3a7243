package dev.capstan.download.provider;

import dev.capstan.content.Content;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.Ingest;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.Trust;
import dev.capstan.download.provider.Flights.Flight;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.transfer.spi.Answer;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings the bytes of one file into the content store, the cheapest way there is: they are there
 * and need no question; they are there and one conditional request confirms them; another download
 * is fetching them; a transfer fetches what is missing of them (P5, Q9).
 *
 * <p>Used by the run's thread; only {@link #onAnswer} comes on the transfer's.
 */
final class Fetch {
    private static final System.Logger LOG = System.getLogger(Fetch.class.getName());

    private final Workshop shop;
    private final Host host;
    private final Row row;
    private final Leash leash;
    private final Gauge gauge;
    private final Hold hold;
    private final Placement placement;
    private final Tally tally;
    private final RemoteFile file;
    private final Proof proof;
    private volatile @Nullable Named named;
    private @Nullable String remark;

    /** Content that is here, and the version of the source that has the same bytes. */
    private record Named(Content content, Validator validator) {}

    Fetch(
            Workshop shop,
            Host host,
            Row row,
            Leash leash,
            Gauge gauge,
            Hold hold,
            Placement placement,
            Tally tally,
            RemoteFile file) {
        this.shop = shop;
        this.host = host;
        this.row = row;
        this.leash = leash;
        this.gauge = gauge;
        this.hold = hold;
        this.placement = placement;
        this.tally = tally;
        this.file = file;
        var promised = new HashSet<>(row.get().promised());
        promised.addAll(file.digests());
        proof = new Proof(shop.contents(), promised);
    }

    /** What the user should know of how the bytes came, or null. */
    @Nullable String remark() {
        return remark;
    }

    /** Brings the bytes. */
    Content bring() throws DownloadException, Stopped {
        try {
            return cheapest();
        } catch (DownloadException e) {
            waitForDecryptor(e);
            throw e;
        }
    }

    /** H2: a decryptor that is away is waited for; one that never was here is not. */
    private void waitForDecryptor(DownloadException error) throws Stopped {
        var cipher = file.cipher();
        if (cipher == null
                || error.detail() != Detail.NO_DECRYPTOR
                || !shop.ciphers().wasClaimed(cipher.scheme())) {
            return;
        }
        host.needsDecryptor(cipher.scheme(), shop.now());
        if (shop.ciphers().isClaimed(cipher.scheme())) {
            // It came back meanwhile, and may have told the host before this was written there.
            host.decryptorCame(Set.of(cipher.scheme()));
        }
        throw new Stopped(Stop.DECRYPTOR_GONE);
    }

    private Content cheapest() throws DownloadException, Stopped {
        var stored = wasRepeated() ? null : stored();
        if (stored != null && isCurrent(stored)) {
            return stored;
        }
        var flight = shop.flights().board(file.key());
        try {
            takeSeat(flight);
            try {
                var landed = flight.landed(trust());
                if (landed != null && proof.holdsFor(landed, leash)) {
                    var answer = flight.answer();
                    if (answer != null) {
                        learn(answer);
                    }
                    return landed;
                }
                return fly(flight, stored);
            } finally {
                flight.leaveSeat();
            }
        } finally {
            shop.flights().leave(file.key(), flight);
        }
    }

    /** What the store has of this source, if it can be what is asked for. */
    private @Nullable Content stored() throws DownloadException, Stopped {
        var proven = proof.find(leash);
        if (proven != null) {
            return proven;
        }
        var content = shop.contents().find(file.key()).orElse(null);
        var size = file.size();
        return content != null
                        && (size == null || size == content.size())
                        && proof.holdsFor(content, leash)
                ? content
                : null;
    }

    /** Tells whether nobody need be asked. */
    private boolean isCurrent(Content stored) {
        var revision = file.revision();
        return proof.isDemanded()
                || (revision != null && revision.equals(stored.validator().revision()));
    }

    /** What was there led to an error; it is not asked for again. */
    private boolean wasRepeated() {
        return tally.wasRepeatedFor(ErrorClass.CHECKSUM)
                || tally.wasRepeatedFor(ErrorClass.CHANGED)
                || tally.wasRepeatedFor(ErrorClass.PROTOCOL);
    }

    private void takeSeat(Flight flight) throws DownloadException, Stopped {
        if (flight.tryTakeSeat()) {
            return;
        }
        begin(Phase.TRANSFERRING);
        gauge.watch(hold.open(file), flight);
        shop.playing().readable();
        try {
            leash.interruptible(
                    () -> {
                        flight.takeSeat();
                        return flight;
                    });
        } finally {
            rest();
        }
    }

    private Content fly(Flight flight, @Nullable Content stored) throws DownloadException, Stopped {
        var engine = engine();
        placement.reserve(file.key());
        begin(Phase.CONNECTING);
        var ingest = hold.open(file);
        TransferResult result;
        try {
            result = transfer(engine, flight, ingest, stored);
        } catch (DownloadException e) {
            var here = named;
            if (here != null) {
                return confirmed(flight, here.content(), here.validator());
            }
            if (stored != null && flight.answer() == null && isUnreachable(e)) {
                remark = "The source could not be reached; this is what was stored of it.";
                return stored;
            }
            throw e;
        }
        return switch (result.end()) {
            case COMPLETE -> commit(flight, ingest, result);
            case NOT_MODIFIED -> confirmed(flight, stored);
            case STOPPED -> {
                leash.check();
                // Nobody here asked for it: the engine is going.
                throw new Stopped(Stop.ENGINE_GONE);
            }
        };
    }

    private TransferResult transfer(
            TransferEngine engine, Flight flight, Ingest ingest, @Nullable Content stored)
            throws DownloadException, Stopped {
        leash.check();
        var before = ingest.downloaded();
        Transfer transfer;
        try {
            transfer = engine.start(plan(stored), ingest, answer -> onAnswer(flight, answer));
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "The engine starts no transfer", e);
            throw new Stopped(Stop.ENGINE_GONE);
        }
        flight.takeOff(engine, transfer);
        gauge.watch(ingest, flight);
        shop.playing().readable();
        try {
            return leash.braked(transfer::stop, transfer::await);
        } finally {
            flight.touchDown();
            rest();
            if (ingest.downloaded() > before) {
                tally.progress();
            }
        }
    }

    private TransferPlan plan(@Nullable Content stored) {
        var options = row.get().options();
        var size = file.size();
        var known = stored == null ? Validator.NONE : stored.validator();
        return new TransferPlan(
                row.get().id(),
                file.links(),
                file.linksExpire(),
                size == null ? -1 : size,
                mostConnections(options.maxConnections()),
                options.limitBytesPerSecond(),
                options.firstByteWithin(),
                trust(),
                known.etag() == null && known.lastModified() == null ? null : known,
                proof.isDemanded(),
                file.pieces(),
                options.maxBytes());
    }

    private int mostConnections(int wish) {
        if (tally.wasRepeatedFor(ErrorClass.PROTOCOL)) {
            return 1;
        }
        var hosts = file.maxConnections();
        return wish == 0 || hosts == 0 ? Math.max(wish, hosts) : Math.min(wish, hosts);
    }

    /** The source answered, and no byte of it is written yet. On the transfer's thread. */
    private void onAnswer(Flight flight, Answer answer) throws DownloadException {
        named = named(answer);
        if (named != null) {
            // Ends the transfer before its first byte.
            throw new DownloadException(
                    ErrorClass.CHANGED, "The source names bytes that are here already.");
        }
        flight.heard(answer);
        shop.playing().readable();
        learn(answer);
        // The meter or the next move, whichever is first, brings to the store what was learned.
        row.show(Phase.TRANSFERRING);
    }

    /** E4: the content that an answer names by a digest no two files share, or null. */
    private @Nullable Named named(Answer answer) {
        if (file.cipher() != null || wasRepeated()) {
            return null;
        }
        var length = answer.identity().length();
        return answer.digests().stream()
                .filter(digest -> digest.algorithm().startsWith("sha-"))
                .flatMap(digest -> shop.contents().find(digest).stream())
                .filter(content -> length < 0 || length == content.size())
                .filter(proof::isKnownFor)
                .findFirst()
                .map(content -> new Named(content, answer.identity().validator()))
                .orElse(null);
    }

    /** Takes over what the source told of the file. */
    private void learn(Answer answer) {
        var length = answer.identity().length();
        if (length >= 0) {
            row.note(known -> sized(known, length));
        }
        var name = answer.name();
        var mayRename = file.name() == null || file.nameIsGuess();
        if (name != null && mayRename && !row.get().target().nameGiven()) {
            placement.rename(name, file.key());
        }
    }

    private Content commit(Flight flight, Ingest ingest, TransferResult result)
            throws DownloadException, Stopped {
        row.show(Phase.VERIFYING);
        var wire = new HashSet<>(result.digests());
        var answer = flight.answer();
        if (answer != null) {
            wire.addAll(answer.digests());
        }
        var request = new CommitRequest(proof.promised(), wire);
        var content = leash.interruptible(() -> shop.contents().commit(ingest, request));
        var revision = file.revision();
        if (revision != null) {
            shop.contents().revalidated(content.digest(), file.key(), under(content, revision));
        }
        flight.landed(content, trust());
        if (!result.lengthVerified()) {
            remark = "The source did not tell the length; the file ends where it closed.";
        }
        return content;
    }

    private Content confirmed(Flight flight, @Nullable Content stored) throws DownloadException {
        if (stored == null) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL, "The source said \"not modified\" without being asked.");
        }
        return confirmed(flight, stored, stored.validator());
    }

    private Content confirmed(Flight flight, Content here, Validator validator) {
        shop.contents().revalidated(here.digest(), file.key(), validator);
        // Whatever is in staging was of a version that is not the source's any more.
        hold.discard();
        flight.landed(here, trust());
        return here;
    }

    private static Validator under(Content content, String revision) {
        var said = content.validator();
        return new Validator(
                said.etag(), said.lastModified(), said.lastModifiedIsStrong(), revision);
    }

    private TransferEngine engine() throws Stopped {
        var scheme = file.links().get(0).uri().getScheme();
        var engine = shop.engines().find(scheme);
        if (engine.isEmpty()) {
            if (!shop.engines().isEmpty()) {
                host.needsEngine(scheme, shop.now());
            }
            throw new Stopped(Stop.ENGINE_GONE);
        }
        return engine.get();
    }

    private void begin(Phase phase) throws Stopped {
        if (row.state() == DownloadState.DOWNLOADING) {
            row.show(phase);
            return;
        }
        row.move(status -> status.with(DownloadState.DOWNLOADING, phase, null), Durability.ORDERED);
    }

    /** Keeps the last numbers; they reach the store with the next move. */
    private void rest() {
        row.note(known -> known.copy().metrics(gauge.read(known.metrics()).atRest()).build());
        gauge.rest();
    }

    private Trust trust() {
        return row.get().source().trust();
    }

    private static boolean isUnreachable(DownloadException error) {
        return switch (error.errorClass()) {
            case NETWORK, TIMEOUT, UNAVAILABLE -> true;
            default -> false;
        };
    }

    private static Download sized(Download known, long size) {
        return known.copy().metrics(new Metrics(size, known.metrics().downloaded(), 0, 0)).build();
    }
}
