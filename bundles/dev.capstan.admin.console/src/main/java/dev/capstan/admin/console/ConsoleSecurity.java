package dev.capstan.admin.console;

import dev.capstan.name.DataFolder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Who may use the console: user {@code capstan} with the administrator's token as the password
 * (S5). The console is told to wait for this provider, so that it never answers with the password
 * it comes with. Safe for any number of threads.
 */
@Component(
        service = SecurityProvider.class,
        property = {
            SecurityProvider.PROPERTY_ID + "=" + ConsoleSecurity.ID,
            "service.ranking:Integer=1000"
        })
public final class ConsoleSecurity implements SecurityProvider {
    static final String ID = "dev.capstan.admin.console";

    private static final System.Logger LOG = System.getLogger(ConsoleSecurity.class.getName());
    private static final String USER = "capstan";
    private static final String BASIC = "basic ";
    private static final int SHORTEST_TOKEN = 32;

    private final Path token;
    private final Attempts attempts;

    /** Takes where the token is; the guard, so that the console never opens before it stands. */
    @Activate
    public ConsoleSecurity(BundleContext context, @Reference ConsoleGuard guard) {
        this(DataFolder.of(context).root().resolve("token"), Clock.systemUTC());
    }

    ConsoleSecurity(Path token, Clock clock) {
        this.token = token;
        attempts = new Attempts(clock);
    }

    @Override
    public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
        var caller = request.getRemoteAddr();
        var offered = request.getHeader("Authorization");
        if (offered == null || !offered.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            ask(response);
            return null;
        }
        if (isRight(offered.substring(BASIC.length()).strip())) {
            attempts.succeeded(caller);
            return USER;
        }
        var wait = attempts.failed(caller);
        if (wait.isZero()) {
            ask(response);
        } else {
            response.setHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
            response.setStatus(429);
        }
        return null;
    }

    @Override
    public boolean authorize(Object user, String role) {
        return USER.equals(user);
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response) {
        ask(response); // makes a browser forget what it was given
    }

    private static void ask(HttpServletResponse response) {
        response.setHeader("WWW-Authenticate", "Basic realm=\"Capstan\", charset=\"UTF-8\"");
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }

    /** Compared in a time that tells nothing, and as a whole: the name is no secret. */
    private boolean isRight(String offered) {
        try {
            var password = Files.readString(token).strip();
            var right = (USER + ":" + password).getBytes(StandardCharsets.UTF_8);
            return password.length() >= SHORTEST_TOKEN
                    && MessageDigest.isEqual(Base64.getDecoder().decode(offered), right);
        } catch (IllegalArgumentException e) {
            return false;
        } catch (IOException e) {
            LOG.log(Level.WARNING, token + " cannot be read, so nobody may use the console", e);
            return false;
        }
    }
}
