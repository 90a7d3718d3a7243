package dev.capstan.host.fshare.fake;

import dev.capstan.tck.Body;
import dev.capstan.tck.script.LinkLife;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A shared file. All of it may be changed while it is served; direct links that were made before
 * keep the body they were made for. Safe for any thread.
 */
public final class FakeFile implements Item {
    private final String code;
    private final Queue<LinkLife> next = new ArrayDeque<>();
    private String name;
    private Body body;
    private long listedSize = -1;
    private @Nullable String password;
    private @Nullable URI delivery;
    private @Nullable String location;
    private LinkLife life = LinkLife.forever();
    private long bytesPerSecond;
    private boolean deleted;
    private boolean gone;

    FakeFile(String code) {
        this.code = code;
        name = code + ".bin";
        body = Body.random(100_000, code.hashCode());
    }

    /**
     * Names it.
     *
     * @param value the name, of any characters
     * @return this
     */
    public synchronized FakeFile named(String value) {
        name = value;
        return this;
    }

    /**
     * Fills it with bytes that look random and depend on the code.
     *
     * @param bytes how many
     * @return this
     */
    public synchronized FakeFile size(long bytes) {
        body = Body.random(bytes, code.hashCode());
        return this;
    }

    /**
     * Fills it.
     *
     * @param value the bytes
     * @return this
     */
    public synchronized FakeFile body(Body value) {
        body = value;
        return this;
    }

    /**
     * Lists it with a size that is not its own.
     *
     * @param bytes what listings and {@code /fileops/get} say
     * @return this
     */
    public synchronized FakeFile listedSize(long bytes) {
        listedSize = bytes;
        return this;
    }

    /**
     * Protects it. Without the password a download is refused with code 123.
     *
     * @param value the password, or null for none
     * @return this
     */
    public synchronized FakeFile password(@Nullable String value) {
        password = value;
        return this;
    }

    /**
     * Marks it as removed by its owner: {@code deleted} is 1, and everything else answers 404.
     *
     * @return this
     */
    public synchronized FakeFile deleted() {
        deleted = true;
        return this;
    }

    /**
     * Makes every endpoint answer 404 for it.
     *
     * @return this
     */
    public synchronized FakeFile gone() {
        gone = true;
        return this;
    }

    /**
     * Says how long the links live that are made next, one each; those after them live as {@link
     * #everyLink} says.
     *
     * @param lives in order
     * @return this
     */
    public synchronized FakeFile nextLinks(LinkLife... lives) {
        next.addAll(List.of(lives));
        return this;
    }

    /**
     * Says how long links live where {@link #nextLinks} has nothing to say.
     *
     * @param value from the next link on
     * @return this
     */
    public synchronized FakeFile everyLink(LinkLife value) {
        life = value;
        return this;
    }

    /**
     * Sends no faster on each connection, by real time.
     *
     * @param most bytes a second
     * @return this
     */
    public synchronized FakeFile pace(long most) {
        bytesPerSecond = most;
        return this;
    }

    /**
     * Makes direct links with another base, for example one outside the allowed delivery hosts.
     *
     * @param base scheme, host and port
     * @return this
     */
    public synchronized FakeFile deliveredFrom(URI base) {
        delivery = base;
        return this;
    }

    /**
     * Gives a text of any kind as the direct link.
     *
     * @param text for example {@code ftp://…}
     * @return this
     */
    public synchronized FakeFile location(String text) {
        location = text;
        return this;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public synchronized String name() {
        return name;
    }

    @Override
    public synchronized long listedSize() {
        return listedSize < 0 ? body.length() : listedSize;
    }

    /**
     * Its bytes.
     *
     * @return what a whole download must give
     */
    public synchronized Body body() {
        return body;
    }

    synchronized Optional<String> password() {
        return Optional.ofNullable(password);
    }

    synchronized Optional<URI> delivery() {
        return Optional.ofNullable(delivery);
    }

    synchronized Optional<String> location() {
        return Optional.ofNullable(location);
    }

    synchronized LinkLife nextLife() {
        var given = next.poll();
        return given == null ? life : given;
    }

    synchronized long bytesPerSecond() {
        return bytesPerSecond;
    }

    synchronized boolean isDeleted() {
        return deleted;
    }

    synchronized boolean isGone() {
        return gone;
    }
}
