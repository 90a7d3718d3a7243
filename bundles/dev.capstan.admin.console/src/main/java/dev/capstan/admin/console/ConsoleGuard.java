package dev.capstan.admin.console;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/**
 * Stands before the console, which has no protection of its own against pages of other sites: a
 * browser sends the password along with whatever such a page makes it send. Only the console's own
 * pages may change something, and no page of anybody else may show them in a frame (S5). The names
 * the server is asked by are checked elsewhere, for all of it. Called by many threads.
 */
@Component(service = {Filter.class, ConsoleGuard.class})
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=org.apache.felix.webconsole)")
@HttpWhiteboardFilterPattern("/*")
public final class ConsoleGuard implements Filter {
    private static final Set<String> READING = Set.of("GET", "HEAD");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var asked = (HttpServletRequest) request;
        var answer = (HttpServletResponse) response;
        answer.setHeader("Content-Security-Policy", "frame-ancestors 'none'");
        answer.setHeader("X-Content-Type-Options", "nosniff");
        answer.setHeader("Referrer-Policy", "same-origin");
        if (READING.contains(asked.getMethod()) || isOwn(asked)) {
            chain.doFilter(request, response);
            return;
        }
        answer.setStatus(HttpServletResponse.SC_FORBIDDEN);
        answer.setContentType("text/plain;charset=utf-8");
        answer.getWriter().write("Pages of other sites may not change anything here.\n");
    }

    /**
     * Whether it comes from the console's own pages, or from a program: a browser tells at least
     * one of both headers, and a program that tells neither was given the password for this.
     */
    private static boolean isOwn(HttpServletRequest request) {
        var origin = request.getHeader("Origin");
        if (origin != null) {
            // Which of both it is a proxy that speaks TLS may have changed; the name it may not.
            var host = "://" + request.getHeader("Host");
            return origin.equals("http" + host) || origin.equals("https" + host);
        }
        var site = request.getHeader("Sec-Fetch-Site");
        return site == null || site.equals("same-origin") || site.equals("none");
    }
}
