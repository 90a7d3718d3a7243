package dev.capstan.admin.web;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * The files of the page, for whatever address no other servlet takes. They hold no secret and need
 * no token; what they show comes over REST, which does. A browser may run nothing on this page that
 * is not one of these files (S5). All are read once, so that a request costs no more than its
 * bytes; called by many threads of the web server.
 */
@Component(service = {Servlet.class, PageServlet.class})
@HttpWhiteboardServletPattern("/")
public final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(PageServlet.class.getName());
    private static final String FOLDER = "/page/";
    private static final String START = "/index.html";

    /** What a browser may load, and from where: nothing but this host's own. */
    private static final String POLICY =
            String.join(
                    "; ",
                    "default-src 'none'",
                    "script-src 'self'",
                    "style-src 'self'",
                    "img-src 'self'",
                    "media-src 'self'",
                    "connect-src 'self'",
                    "base-uri 'none'",
                    "form-action 'none'",
                    "frame-ancestors 'none'");

    private final transient Map<String, Resource> files;

    /** Reads the files. */
    @Activate
    public PageServlet(BundleContext context) throws IOException {
        var found = new HashMap<String, Resource>();
        var entries = context.getBundle().findEntries(FOLDER, "*", false);
        for (var file : Collections.list(entries)) {
            var name = file.getPath().substring(FOLDER.length() - 1);
            Resource.of(file).ifPresent(resource -> found.put(name, resource));
        }
        files = Map.copyOf(found);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        var isRead = Set.of("GET", "HEAD").contains(request.getMethod());
        var file = file(request);
        if (!isRead) {
            response.setHeader("Allow", "GET, HEAD");
            response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        } else if (file == null) {
            tell(response, HttpServletResponse.SC_NOT_FOUND, "There is nothing at this address.\n");
        } else {
            send(file, request, response);
        }
    }

    private @Nullable Resource file(HttpServletRequest request) {
        var rest = request.getPathInfo();
        var path = request.getServletPath() + (rest == null ? "" : rest);
        return files.get(path.isEmpty() || path.equals("/") ? START : path);
    }

    /** Kept by the browser and asked for each time: an updated bundle is seen at the next load. */
    private static void send(
            Resource file, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("ETag", file.tag());
        response.setHeader("Cache-Control", "no-cache");
        var known = request.getHeader("If-None-Match");
        if (known != null && file.isKnownBy(known)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(file.type());
        response.setContentLength(file.bytes().length);
        if (!request.getMethod().equals("HEAD")) {
            write(response, file.bytes());
        }
    }

    /** A browser that left meanwhile is nobody's fault, and nothing for the server's log. */
    private static void write(HttpServletResponse response, byte[] bytes) {
        try {
            response.getOutputStream().write(bytes);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A browser left", e);
        }
    }

    private static void tell(HttpServletResponse response, int status, String text)
            throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().write(text);
    }
}
