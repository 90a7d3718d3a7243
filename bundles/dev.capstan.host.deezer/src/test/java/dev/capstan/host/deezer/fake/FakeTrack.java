package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Body;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A track. A new one has a preview and is offered in no format. All of it may be changed while it
 * is served; links that were made before keep what they were made for. Safe for any thread.
 */
public final class FakeTrack {
    /** The cipher of full tracks. */
    public static final String STRIPE = "BF_CBC_STRIPE";

    /** A cipher type that says that bytes are plain. */
    public static final String PLAIN = "NONE";

    private static final int PREVIEW = 30_000;

    private final long id;
    private final Map<Format, Body> formats = new EnumMap<>(Format.class);
    private final Set<Format> withheld = EnumSet.noneOf(Format.class);
    private final Queue<LinkLife> next = new ArrayDeque<>();
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
    private @Nullable FakeTrack fallback;
    private @Nullable URI sourceBase;
    private @Nullable String cipher = STRIPE;
    private @Nullable String otherSecret;
    private int sources = 1;
    private Duration linkLives = Duration.ofHours(24);
    private Duration tokenLives = Duration.ofHours(1);
    private LinkLife life = LinkLife.forever();
    private long bytesPerSecond;

    FakeTrack(long id) {
        this.id = id;
        title = "Track " + id;
        preview = SyntheticAudio.mp3(PREVIEW, 128, id);
    }

    // ---- what is known of it

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

    // ---- the full track

    /**
     * Offers it in a format, with generated audio.
     *
     * @param format which
     * @param bytes its length, told as FILESIZE
     * @return this
     */
    public synchronized FakeTrack offers(Format format, int bytes) {
        return offers(format, format.audio(bytes, id));
    }

    /**
     * Offers it in a format.
     *
     * @param format which
     * @param plain its bytes, of any kind
     * @return this
     */
    public synchronized FakeTrack offers(Format format, Body plain) {
        formats.put(format, plain);
        return this;
    }

    /**
     * Tells a FILESIZE for a format that the media service does not have.
     *
     * @param format one that is offered
     * @return this
     */
    public synchronized FakeTrack withholds(Format format) {
        withheld.add(format);
        return this;
    }

    /**
     * Takes a format back: FILESIZE 0.
     *
     * @param format which
     * @return this
     */
    public synchronized FakeTrack noLonger(Format format) {
        formats.remove(format);
        return this;
    }

    /**
     * Names the track to take in place of this one.
     *
     * @param value the other, or null for none
     * @return this
     */
    public synchronized FakeTrack fallback(@Nullable FakeTrack value) {
        fallback = value;
        return this;
    }

    /**
     * Changes the cipher type the media service tells. For {@link #PLAIN} and none the bytes are
     * plain, for all others they are striped.
     *
     * @param type any text, or null for an answer that tells none
     * @return this
     */
    public synchronized FakeTrack cipher(@Nullable String type) {
        cipher = type;
        return this;
    }

    /**
     * Writes it with a secret that is not the account's, so that what is decrypted is no audio.
     *
     * @param secret 16 ASCII characters
     * @return this
     */
    public synchronized FakeTrack writtenWith(String secret) {
        otherSecret = secret;
        return this;
    }

    /**
     * Gives more links to the same bytes.
     *
     * @param number how many in each answer
     * @return this
     */
    public synchronized FakeTrack sources(int number) {
        sources = number;
        return this;
    }

    /**
     * Makes media links with another base, for example one outside the allowed hosts.
     *
     * @param base scheme, host and port
     * @return this
     */
    public synchronized FakeTrack sourcesAt(URI base) {
        sourceBase = base;
        return this;
    }

    /**
     * Ends media links by time: told as their expiry, and answered with 403 from then on.
     *
     * @param value how long after they were made, by the fake's clock
     * @return this
     */
    public synchronized FakeTrack linksLast(Duration value) {
        linkLives = value;
        return this;
    }

    /**
     * Ends its track tokens by time: told as their expiry, and answered with 1002 from then on.
     *
     * @param value how long after they were made, by the fake's clock
     * @return this
     */
    public synchronized FakeTrack tokensLast(Duration value) {
        tokenLives = value;
        return this;
    }

    /**
     * Says how long the media links live that are made next, one each; those after them live as
     * {@link #everyLink} says. Of several sources the first takes the first.
     *
     * @param lives in order
     * @return this
     */
    public synchronized FakeTrack nextLinks(LinkLife... lives) {
        next.addAll(List.of(lives));
        return this;
    }

    /**
     * Says how long media links live where {@link #nextLinks} has nothing to say.
     *
     * @param value from the next link on
     * @return this
     */
    public synchronized FakeTrack everyLink(LinkLife value) {
        life = value;
        return this;
    }

    /**
     * Sends full tracks no faster on each connection, by real time.
     *
     * @param most bytes a second
     * @return this
     */
    public synchronized FakeTrack pace(long most) {
        bytesPerSecond = most;
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
     * The plain bytes of a format.
     *
     * @param format one that is offered
     * @return what the finished file must be
     */
    public synchronized Body plain(Format format) {
        return find(format).orElseThrow();
    }

    /**
     * Its preview.
     *
     * @return the bytes, if there is one
     */
    public synchronized Optional<Body> preview() {
        return Optional.ofNullable(preview);
    }

    synchronized Optional<Body> find(Format format) {
        return Optional.ofNullable(formats.get(format));
    }

    synchronized boolean isServedIn(Format format) {
        return formats.containsKey(format) && !withheld.contains(format);
    }

    /** What goes over the wire for a format. */
    synchronized Body wire(Format format, String secret) {
        var plain = plain(format);
        return cipher == null || cipher.equals(PLAIN)
                ? plain
                : Body.of(
                        StripeWriter.write(
                                id, otherSecret == null ? secret : otherSecret, plain.bytes()));
    }

    synchronized LinkLife nextLife() {
        var given = next.poll();
        return given == null ? life : given;
    }

    synchronized void album(FakeAlbum value) {
        album = value;
    }

    synchronized Optional<FakeAlbum> album() {
        return Optional.ofNullable(album);
    }

    synchronized Optional<FakeTrack> fallback() {
        return Optional.ofNullable(fallback);
    }

    synchronized Optional<URI> sourceBase() {
        return Optional.ofNullable(sourceBase);
    }

    synchronized Optional<String> cipher() {
        return Optional.ofNullable(cipher);
    }

    synchronized int sources() {
        return sources;
    }

    synchronized Duration linkLives() {
        return linkLives;
    }

    synchronized Duration tokenLives() {
        return tokenLives;
    }

    synchronized long bytesPerSecond() {
        return bytesPerSecond;
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
