package dev.capstan.tck.hostile;

import dev.capstan.tck.Body;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import dev.capstan.tck.hostile.Judgement.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An origin that runs one {@link HostileCase}, and judges the client that fetched from it:
 *
 * <pre>{@code
 * for (var hostile : HostileCases.all()) {
 *     try (var origin = HostileOrigin.start(hostile, new Setting(false, false, 1))) {
 *         var outcome = fetch(origin.uri());
 *         assertTrue(origin.judge(outcome).isRight());
 *     }
 * }
 * }</pre>
 *
 * <p>Serves one client, once. Safe for any number of threads.
 */
public final class HostileOrigin implements AutoCloseable {
    // Slow enough that a client sees the worth of more connections while the body comes.
    private static final long SLOW = 120_000;
    private static final int BLOCK = 1 << 16;

    private final HostileCase script;
    private final Setting setting;
    private final Origin origin;
    private @Nullable Origin other;

    private HostileOrigin(HostileCase script, Setting setting) {
        this.script = script;
        this.setting = setting;
        if (script.isOldTls()) {
            origin = Origin.tls("TLSv1.2");
        } else {
            origin = setting.tls() ? Origin.tls() : Origin.plain();
        }
    }

    /**
     * Starts a case.
     *
     * @param script the case
     * @param setting one that {@link HostileCase#fits}
     * @return a running origin
     */
    public static HostileOrigin start(HostileCase script, Setting setting) {
        if (!script.fits(setting)) {
            throw new IllegalArgumentException(script + " makes no sense with " + setting);
        }
        var started = new HostileOrigin(script, setting);
        script.setUp(started);
        return started;
    }

    /**
     * Where the client is to begin.
     *
     * @return the address, with user information where the case is about it
     */
    public URI uri() {
        var uri = origin.uri(script.path());
        return script.hasCredentials()
                ? URI.create(uri.toString().replace("://", "://user:secret@"))
                : uri;
    }

    /**
     * The origin below, with its log and its counters.
     *
     * @return a running origin
     */
    public Origin origin() {
        return origin;
    }

    /**
     * Judges a client.
     *
     * @param outcome how it ended
     * @return what that is worth
     * @throws IOException if its file cannot be read
     */
    public Judgement judge(Outcome outcome) throws IOException {
        var file = outcome.file();
        if (file != null && !isWhole(file)) {
            return new Judgement(
                    isEqual(HostileCase.B, file) ? Kind.NOT_REFUSED : Kind.FALSE_SUCCESS,
                    "reported success with %d bytes, right is %s: %s"
                            .formatted(Files.size(file), script.right(setting), origin.log()));
        }
        if (file == null) {
            var errors = script.errors(setting);
            if (errors.isEmpty()) {
                return new Judgement(
                        Kind.GAVE_UP,
                        "%s, but right is %s: %s"
                                .formatted(outcome.error(), script.right(setting), origin.log()));
            }
            if (outcome.error() != null && !errors.contains(outcome.error())) {
                return new Judgement(
                        Kind.WRONG_ERROR,
                        "%s, but right is %s: %s"
                                .formatted(outcome.error(), script.right(setting), origin.log()));
            }
        }
        var broken = script.brokenRule(this, outcome);
        if (broken != null) {
            return new Judgement(Kind.RULE_BROKEN, broken + ": " + origin.log());
        }
        var waste = setting.connections() > 1 ? null : script.waste(this);
        return waste == null
                ? new Judgement(Kind.RIGHT, "")
                : new Judgement(Kind.WASTEFUL, waste + ": " + origin.log());
    }

    @Override
    public void close() {
        origin.close();
        var second = other;
        if (second != null) {
            second.close();
        }
    }

    // ---- for the scripts

    Setting setting() {
        return setting;
    }

    /** A second origin, without TLS. Only while the case is set up. */
    Origin other() {
        if (other == null) {
            other = Origin.plain();
        }
        return other;
    }

    int requestsToOther() {
        return other == null ? 0 : other.log().size();
    }

    void serve(String path, Handler handler) {
        origin.serve(
                path,
                setting.connections() == 1
                        ? handler
                        : exchange -> {
                            exchange.pace(SLOW);
                            handler.handle(exchange);
                        });
    }

    private boolean isWhole(Path file) {
        return script.bodies().stream().anyMatch(body -> isEqual(body, file));
    }

    private static boolean isEqual(Body body, Path file) {
        try (var in = Files.newInputStream(file)) {
            for (var position = 0L; position < body.length(); position += BLOCK) {
                var to = Math.min(body.length(), position + BLOCK);
                if (!Arrays.equals(in.readNBytes(BLOCK), body.bytes(position, to))) {
                    return false;
                }
            }
            return in.read() < 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
