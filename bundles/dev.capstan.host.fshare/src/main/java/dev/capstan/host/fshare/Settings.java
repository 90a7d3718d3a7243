package dev.capstan.host.fshare;

import dev.capstan.net.spi.OutboundHttp;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration, read and checked.
 *
 * @param password the secret itself, or a reference to it
 * @param appKey the secret itself, or a reference to it
 * @param hosts names whose links are ours, the canonical one among them
 * @param deliveryHosts suffixes with a leading dot, or whole names
 */
record Settings(
        String email,
        String password,
        String appKey,
        String userAgent,
        URI apiUrl,
        URI folderUrl,
        Set<String> hosts,
        List<String> deliveryHosts,
        Duration callSpacing,
        int maxConnections,
        Duration sessionIdle,
        int folderPageSize,
        int maxDepth,
        int maxPages,
        int maxEntries,
        Phrases dailyLimit,
        Phrases suspended,
        Phrases linkPassword) {

    private static final Duration WHOLE_ANSWER = Duration.ofSeconds(30);

    /** Copies the collections. */
    Settings {
        hosts = Set.copyOf(hosts);
        deliveryHosts = List.copyOf(deliveryHosts);
    }

    /**
     * Reads a configuration.
     *
     * @throws IllegalArgumentException if a value cannot be meant, with its name
     */
    static Settings of(FshareConfig config) {
        var hosts = new LinkedHashSet<>(names(config.hosts()));
        // What canonical links have, whatever else is taken for ours.
        hosts.add(FshareLink.HOST);
        return new Settings(
                config.email().strip(),
                config.password(),
                config.appKey(),
                config.userAgent().strip(),
                base("apiUrl", config.apiUrl()),
                base("folderUrl", config.folderUrl()),
                hosts,
                List.copyOf(names(config.deliveryHosts())),
                Spans.parse("callSpacing", config.callSpacing()),
                config.maxConnections(),
                Spans.parse("sessionIdle", config.sessionIdle()),
                config.folderPageSize(),
                config.maxDepth(),
                config.maxPages(),
                config.maxEntries(),
                new Phrases(config.dailyLimitTexts()),
                new Phrases(config.suspendedTexts()),
                new Phrases(config.passwordTexts()));
    }

    /** Names of the properties an account needs and that were not given. */
    List<String> missing() {
        var missing = new ArrayList<String>();
        addIfBlank(missing, "email", email);
        addIfBlank(missing, "password", password);
        addIfBlank(missing, "appKey", appKey);
        addIfBlank(missing, "userAgent", userAgent);
        return missing;
    }

    boolean isConfigured() {
        return missing().isEmpty();
    }

    /**
     * The account's name as it may be shown: {@code a***@example.org}; null where there is none.
     */
    @Nullable String maskedEmail() {
        if (email.isEmpty()) {
            return null;
        }
        var at = email.lastIndexOf('@');
        return email.substring(0, Math.min(1, Math.max(at, 0)))
                + "***"
                + (at < 0 ? "" : email.substring(at));
    }

    /** What requests may do: the configured addresses may be private, redirects from them not. */
    OutboundHttp.Policy policy(Duration within) {
        var redirects = new LinkedHashSet<>(hosts);
        redirects.add(apiUrl.getHost().toLowerCase(Locale.ROOT));
        return new OutboundHttp.Policy(
                Set.of(apiUrl, folderUrl),
                redirects,
                within.compareTo(WHOLE_ANSWER) < 0 ? within : WHOLE_ANSWER);
    }

    OutboundHttp.Policy policy() {
        return policy(WHOLE_ANSWER);
    }

    /** Whether a direct link may lead to a host. */
    boolean delivers(String host) {
        var name = name(host);
        return deliveryHosts.stream()
                .anyMatch(
                        allowed ->
                                allowed.startsWith(".")
                                        ? name.endsWith(allowed)
                                        : name.equals(allowed));
    }

    /** Whether the operator named exactly this host for deliveries: it may be a private one. */
    boolean namesDeliveryHost(String host) {
        return deliveryHosts.contains(name(host));
    }

    /** Nothing that is secret. */
    @Override
    public String toString() {
        return "Settings[" + maskedEmail() + " at " + apiUrl.getHost() + "]";
    }

    private static void addIfBlank(List<String> missing, String name, String value) {
        if (value.isBlank()) {
            missing.add(name);
        }
    }

    private static URI base(String name, String text) {
        var uri = URI.create(text.strip().replaceAll("/+$", ""));
        var scheme = uri.getScheme();
        if (uri.getHost() == null
                || !("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme))) {
            throw new IllegalArgumentException(name + " must be an http or https address");
        }
        return uri;
    }

    private static Set<String> names(String[] given) {
        var names = new LinkedHashSet<String>();
        Arrays.stream(given).map(Settings::name).filter(any -> !any.isEmpty()).forEach(names::add);
        return names;
    }

    private static String name(String host) {
        return FshareLink.hostName(host.strip());
    }
}
