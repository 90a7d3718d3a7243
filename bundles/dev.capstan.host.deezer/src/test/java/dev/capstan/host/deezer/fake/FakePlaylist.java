package dev.capstan.host.deezer.fake;

import java.util.ArrayList;
import java.util.List;

/**
 * A playlist: tracks in order, of any albums, each as often as it was added. Its checksum follows
 * what is in it. Safe for any thread.
 */
public final class FakePlaylist {
    private final long id;
    private final List<FakeTrack> tracks = new ArrayList<>();
    private String title;
    private boolean isPrivate;
    private int pagesBeforeChange;
    private List<FakeTrack> toCome = List.of();

    FakePlaylist(long id) {
        this.id = id;
        title = "Playlist " + id;
    }

    /**
     * Names it.
     *
     * @param value the title
     * @return this
     */
    public synchronized FakePlaylist titled(String value) {
        title = value;
        return this;
    }

    /**
     * Puts tracks at its end.
     *
     * @param more in order
     * @return this
     */
    public synchronized FakePlaylist add(FakeTrack... more) {
        tracks.addAll(List.of(more));
        return this;
    }

    /**
     * Makes it its owner's alone: error 200.
     *
     * @return this
     */
    public synchronized FakePlaylist ownersOnly() {
        isPrivate = true;
        return this;
    }

    /**
     * Changes while it is read: right after some pages more tracks stand at its beginning, and the
     * checksum is another.
     *
     * @param pages how many are still read as it was
     * @param first what is put at its beginning
     * @return this
     */
    public synchronized FakePlaylist changesAfter(int pages, FakeTrack... first) {
        pagesBeforeChange = pages;
        toCome = List.of(first);
        return this;
    }

    /**
     * Its id.
     *
     * @return 1 or more
     */
    public long id() {
        return id;
    }

    /**
     * The link to it.
     *
     * @return the canonical link, which names the real service; the fake never goes there
     */
    public String link() {
        return "https://www.deezer.com/playlist/" + id;
    }

    /**
     * What it holds now.
     *
     * @return in order
     */
    public synchronized List<FakeTrack> tracks() {
        return List.copyOf(tracks);
    }

    synchronized String checksum() {
        return Integer.toHexString(tracks.stream().map(FakeTrack::id).toList().hashCode());
    }

    /** A page of it was given out. */
    synchronized void pageGiven() {
        if (!toCome.isEmpty() && --pagesBeforeChange <= 0) {
            tracks.addAll(0, toCome);
            toCome = List.of();
        }
    }

    synchronized String title() {
        return title;
    }

    synchronized boolean isPrivate() {
        return isPrivate;
    }
}
