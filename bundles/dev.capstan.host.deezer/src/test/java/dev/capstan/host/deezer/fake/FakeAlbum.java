package dev.capstan.host.deezer.fake;

import java.util.ArrayList;
import java.util.List;

/** An album: its tracks in order. Safe for any thread. */
public final class FakeAlbum {
    private final long id;
    private final List<FakeTrack> tracks = new ArrayList<>();
    private String title;
    private String artist = "Some Artist";
    private String date = "2020-02-01";

    FakeAlbum(long id) {
        this.id = id;
        title = "Album " + id;
    }

    /**
     * Names it.
     *
     * @param value the title
     * @return this
     */
    public synchronized FakeAlbum titled(String value) {
        title = value;
        return this;
    }

    /**
     * Names its artist. Those of its tracks are their own.
     *
     * @param name the artist
     * @return this
     */
    public synchronized FakeAlbum by(String name) {
        artist = name;
        return this;
    }

    /**
     * Dates it.
     *
     * @param day as {@code 2020-02-01}
     * @return this
     */
    public synchronized FakeAlbum released(String day) {
        date = day;
        return this;
    }

    /**
     * Puts tracks at the end of its first disc and makes it their album.
     *
     * @param more in order
     * @return this
     */
    public FakeAlbum add(FakeTrack... more) {
        return disc(1, more);
    }

    /**
     * Puts tracks at its end and makes it their album. Their positions are counted on the disc.
     *
     * @param number the disc, from 1
     * @param more in order
     * @return this
     */
    public synchronized FakeAlbum disc(int number, FakeTrack... more) {
        for (var track : more) {
            var before = tracks.stream().filter(known -> known.describe().disc() == number).count();
            track.at(number, (int) before + 1).album(this);
            tracks.add(track);
        }
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
        return "https://www.deezer.com/album/" + id;
    }

    synchronized List<FakeTrack> tracks() {
        return List.copyOf(tracks);
    }

    synchronized String title() {
        return title;
    }

    synchronized String artist() {
        return artist;
    }

    synchronized String date() {
        return date;
    }
}
