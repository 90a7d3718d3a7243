package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Body;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A track. A new one has a preview. All of it may be changed while it is served; links that were
 * made before keep what they were made for. Safe for any thread.
 */
public final class FakeTrack {
    private static final int PREVIEW = 30_000;

    private final long id;
    private String title;
    private String version = "";
    private List<String> artists = List.of("Some Artist");
    private @Nullable FakeAlbum album;
    private int position = 1;
    private int disc = 1;
    private Duration duration = Duration.ofMinutes(3);
    private String date = "2020-02-01";
    private boolean readable = true;
    private @Nullable Body preview;
    private @Nullable String elsewhere;

    FakeTrack(long id) {
        this.id = id;
        title = "Track " + id;
        preview = SyntheticAudio.mp3(PREVIEW, id);
    }

    /**
     * Names it.
     *
     * @param value the title
     * @return this
     */
    public synchronized FakeTrack titled(String value) {
        title = value;
        return this;
    }

    /**
     * Names its version.
     *
     * @param value for example {@code (Remix)}
     * @return this
     */
    public synchronized FakeTrack version(String value) {
        version = value;
        return this;
    }

    /**
     * Names its artists.
     *
     * @param names the main one first; all of them are contributors
     * @return this
     */
    public synchronized FakeTrack by(String... names) {
        artists = List.of(names);
        return this;
    }

    /**
     * Places it on its album.
     *
     * @param discNumber from 1
     * @param trackPosition from 1
     * @return this
     */
    public synchronized FakeTrack at(int discNumber, int trackPosition) {
        disc = discNumber;
        position = trackPosition;
        return this;
    }

    /**
     * Dates it.
     *
     * @param day as {@code 2020-02-01}
     * @return this
     */
    public synchronized FakeTrack released(String day) {
        date = day;
        return this;
    }

    /**
     * Marks it as one that may not be played: {@code readable} is false and it has no preview.
     *
     * @return this
     */
    public synchronized FakeTrack unreadable() {
        readable = false;
        preview = null;
        return this;
    }

    /**
     * Gives it another preview.
     *
     * @param value the bytes, or null for the empty text in place of a link
     * @return this
     */
    public synchronized FakeTrack preview(@Nullable Body value) {
        preview = value;
        return this;
    }

    /**
     * Tells another link to its preview than one of the fake's own.
     *
     * @param link any text
     * @return this
     */
    public synchronized FakeTrack previewAt(String link) {
        elsewhere = link;
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
        return "https://www.deezer.com/track/" + id;
    }

    /**
     * Its preview.
     *
     * @return the bytes, if there is one
     */
    public synchronized Optional<Body> preview() {
        return Optional.ofNullable(preview);
    }

    /** The link that is told in place of one of the fake's own. */
    synchronized Optional<String> elsewhere() {
        return Optional.ofNullable(elsewhere);
    }

    synchronized void album(FakeAlbum value) {
        album = value;
    }

    synchronized Optional<FakeAlbum> album() {
        return Optional.ofNullable(album);
    }

    String isrc() {
        return "XX%010d".formatted(id % 10_000_000_000L);
    }

    synchronized Described describe() {
        return new Described(
                title, version, artists, position, disc, duration.toSeconds(), date, readable);
    }

    /** What the public API tells, at one moment. */
    record Described(
            String title,
            String version,
            List<String> artists,
            int position,
            int disc,
            long seconds,
            String date,
            boolean isReadable) {}
}
