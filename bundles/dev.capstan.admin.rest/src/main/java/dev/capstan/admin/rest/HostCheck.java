package dev.capstan.admin.rest;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Refuses requests to a name that is not ours, before anything else of any context sees them (S5):
 * a foreign site can make its own name point to this machine, but not change the name that a
 * browser sends. An address is nobody's name, so the one that was connected to is always ours.
 */
@Component(service = Preprocessor.class, configurationPid = WebConfig.PID)
public final class HostCheck implements Preprocessor {
    private final Set<String> names = new HashSet<>();

    /** Takes the names that are ours. */
    @Activate
    public HostCheck(WebConfig config) {
        names.add("localhost");
        names.add(plain(config.bind()));
        for (var name : config.hostNames()) {
            names.add(plain(name));
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var host = ((HttpServletRequest) request).getHeader("Host");
        if (host != null && isOurs(withoutPort(host), request.getLocalAddr())) {
            chain.doFilter(request, response);
            return;
        }
        var problem =
                new ProblemException(
                        421,
                        "FOREIGN_HOST",
                        "This server is not known by that name; \"hostNames\" of "
                                + WebConfig.PID
                                + " can name it.");
        Reply.of(problem).send((HttpServletResponse) response);
    }

    private boolean isOurs(String host, String local) {
        return names.contains(host) || host.equals(plain(local));
    }

    /** The port is none of a name: a forwarded port is another one. */
    static String withoutPort(String host) {
        var colon = host.lastIndexOf(':');
        return plain(colon > host.lastIndexOf(']') ? host.substring(0, colon) : host);
    }

    private static String plain(String name) {
        var bare =
                name.startsWith("[") && name.endsWith("]")
                        ? name.substring(1, name.length() - 1)
                        : name;
        return bare.toLowerCase(Locale.ROOT);
    }
}
