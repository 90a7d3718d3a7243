package dev.capstan.admin.shell.get;

import dev.capstan.download.Download;
import java.util.Collection;

/** Shows nothing. */
final class NoProgress implements Progress {

    @Override
    public void begun(Download download) {}

    @Override
    public void show(Collection<Download> open, long waiting) {}

    @Override
    public void done(Tracker.Ended ended) {}

    @Override
    public void makeWay() {}

    @Override
    public void close() {}
}
