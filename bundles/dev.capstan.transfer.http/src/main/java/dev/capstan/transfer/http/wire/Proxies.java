package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy leads to which target (policy 12): the one that is configured, else what the
 * environment variables say that other programs obey too.
 *
 * <p>A proxy that cannot be understood refuses what would have gone through it: going around a
 * proxy is never what its operator wanted.
 */
public final class Proxies {
    /** No proxy at all. */
    public static final Proxies NONE =
            new Proxies(Choice.NONE, Choice.NONE, new NoProxy(""), false);

    /** Proxy or reason why there is none. */
    private record Choice(@Nullable Proxy proxy, @Nullable String fault) {
        static final Choice NONE = new Choice(null, null);
    }

    private final Choice plain;
    private final Choice secure;
    private final NoProxy exceptions;
    private final boolean resolve;

    private Proxies(Choice plain, Choice secure, NoProxy exceptions, boolean resolve) {
        this.plain = plain;
        this.secure = secure;
        this.exceptions = exceptions;
        this.resolve = resolve;
    }

    /**
     * The proxy of a configuration, for all targets.
     *
     * @param proxy as the environment variables write it, without credentials
     * @param exceptions hosts that are reached without it
     * @param resolve whether it may look up names that are not known here
     */
    public static Proxies configured(String proxy, String exceptions, boolean resolve) {
        var choice = choice("the configuration", proxy);
        if (choice.proxy != null && choice.proxy.login() != null) {
            // A configuration is shown to whoever asks for it.
            choice =
                    new Choice(
                            null,
                            "a proxy's credentials do not belong into the configuration, but into"
                                    + " the netrc file");
        }
        return new Proxies(choice, choice, new NoProxy(exceptions), resolve);
    }

    /**
     * The proxies of the environment: {@code http_proxy} (in lower case only, since a web server
     * hands a request's {@code Proxy} field to its programs in the other), {@code https_proxy},
     * {@code all_proxy}, {@code no_proxy}.
     *
     * @param environment gives a variable, or null
     * @param exceptions hosts that are reached without; empty for what the environment says
     * @param resolve whether they may look up names that are not known here
     */
    public static Proxies ofEnvironment(
            UnaryOperator<@Nullable String> environment, String exceptions, boolean resolve) {
        var no = exceptions.isBlank() ? first(environment, "no_proxy", "NO_PROXY") : null;
        return new Proxies(
                choice(environment, "http_proxy", "all_proxy", "ALL_PROXY"),
                choice(environment, "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
                new NoProxy(no == null ? exceptions : value(environment, no)),
                resolve);
    }

    /**
     * The way to a target.
     *
     * @return null for the direct one
     * @throws DownloadException with BLOCKED if the proxy that was meant is not understood
     */
    @Nullable Proxy to(Target target) throws DownloadException {
        var choice = target.secure() ? secure : plain;
        if (choice == Choice.NONE || exceptions.matches(target.host())) {
            return null;
        }
        if (choice.fault != null) {
            throw new DownloadException(
                    ErrorClass.BLOCKED, "There is no proxy to go through: " + choice.fault);
        }
        return choice.proxy;
    }

    /** Whether a proxy may look up names that are not known here. */
    boolean resolve() {
        return resolve;
    }

    private static Choice choice(UnaryOperator<@Nullable String> environment, String... names) {
        var name = first(environment, names);
        return name == null ? Choice.NONE : choice(name, value(environment, name));
    }

    private static Choice choice(String source, String text) {
        try {
            return new Choice(Proxy.parse(text.strip()), null);
        } catch (IllegalArgumentException e) {
            return new Choice(
                    null, "what " + source + " names is not understood: " + e.getMessage());
        }
    }

    private static @Nullable String first(
            UnaryOperator<@Nullable String> environment, String... names) {
        return List.of(names).stream()
                .filter(name -> !value(environment, name).isBlank())
                .findFirst()
                .orElse(null);
    }

    private static String value(UnaryOperator<@Nullable String> environment, String name) {
        var value = environment.apply(name);
        return value == null ? "" : value;
    }
}
