package dev.capstan.admin.rest.settings;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Keeps what somebody sets in a form of the Felix Web Console, which by itself tells Configuration
 * Admin alone, and that is made anew at each start. A form sends all it shows: only what it changed
 * is kept, so that the rest goes on to follow its files. Called by many threads.
 */
@Component(service = Filter.class)
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=org.apache.felix.webconsole)")
@HttpWhiteboardFilterPattern("/*")
public final class ConsoleSettings implements Filter {
    private static final String FORMS = "/configMgr/";

    private final HostSettings settings;

    /** Takes who keeps them. */
    @Activate
    public ConsoleSettings(@Reference HostSettings settings) {
        this.settings = settings;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var asked = (HttpServletRequest) request;
        var path = asked.getRequestURI();
        var form = path.lastIndexOf(FORMS);
        var described =
                form < 0 || !asked.getMethod().equals("POST")
                        ? null
                        : settings.find(path.substring(form + FORMS.length())).orElse(null);
        if (described == null) {
            chain.doFilter(request, response);
            return;
        }
        var pid = described.pid();
        // An account that changes takes its host away for a moment: this is asked before.
        var kept =
                described.settings().stream()
                        .filter(setting -> settings.accountOf(pid, setting.name()).isEmpty())
                        .toList();
        var before = settings.values(pid);
        chain.doFilter(request, response);
        var after = settings.values(pid);
        if (after.isEmpty()) {
            settings.forget(pid);
            return;
        }
        var changed = new LinkedHashMap<String, Object>();
        for (var setting : kept) {
            var value = after.get(setting.name());
            if (value != null
                    && !setting.shown(value).equals(setting.shown(before.get(setting.name())))) {
                changed.put(setting.name(), value);
            }
        }
        if (!changed.isEmpty()) {
            settings.keep(pid, changed);
        }
    }
}
