package dev.capstan.download.provider;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What keeps queued downloads waiting beside their own rows: hosts, engines, a full volume. */
final class Obstacles {
    private final HostRegistry hosts;
    private final Engines engines;
    private final DiskWatch disk;

    Obstacles(HostRegistry hosts, Engines engines, DiskWatch disk) {
        this.hosts = hosts;
        this.engines = engines;
        this.disk = disk;
    }

    /** The hosts of which nothing may be claimed now. */
    Set<String> closed(Set<String> queued, Instant now) {
        return engines.isEmpty() || disk.isFull() ? queued : hosts.closed(queued, now);
    }

    /** How many may be claimed at once where these hosts are closed and the others are not. */
    int room(Set<String> queued, Set<String> closed, Instant now) {
        var open = new HashSet<>(queued);
        open.removeAll(closed);
        return hosts.room(open, now);
    }

    /** When one of them may end by itself. */
    Optional<Instant> nextEnd(Instant now) {
        return hosts.nextOpening(now);
    }

    /** What a host's downloads wait for. */
    Optional<Obstacle> of(String host, Instant now) {
        var its = hosts.get(host).obstacle(now, null);
        return its.isPresent() ? its : ofAll();
    }

    /** A row as it is to be shown. */
    Download over(Download row, Instant now) {
        if (row.state() != DownloadState.QUEUED) {
            return row;
        }
        var waitUntil = row.status().waitUntil();
        var waitsItself = waitUntil != null && waitUntil.isAfter(now);
        var obstacle = of(row.source().host(), now);
        if (obstacle.isPresent() && !(waitsItself && obstacle.get().until() != null)) {
            return obstacle.get().over(row);
        }
        if (waitsItself || row.status().phase() == Phase.NONE) {
            return row;
        }
        // What it waited for is over; the row was not written for that.
        var status = row.status();
        return row.copy().status(status.with(status.state(), Phase.NONE, null)).build();
    }

    private Optional<Obstacle> ofAll() {
        if (engines.isEmpty()) {
            return Optional.of(
                    new Obstacle(
                            Phase.WAITING_FOR_ENGINE,
                            "waiting for a transfer engine",
                            null,
                            engines.emptySince(),
                            ErrorClass.HOST));
        }
        if (disk.isFull()) {
            return Optional.of(
                    new Obstacle(
                            Phase.DISK_FULL,
                            "waiting for space on the volume of the data folder",
                            null,
                            null,
                            ErrorClass.DISK_FULL));
        }
        return Optional.empty();
    }
}
