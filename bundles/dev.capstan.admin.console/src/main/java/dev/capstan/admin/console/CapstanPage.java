package dev.capstan.admin.console;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.apache.felix.webconsole.servlet.ServletConstants;
import org.osgi.service.component.annotations.Component;

/**
 * Capstan's page in the console: the same element that the page for browsers is made of. Its module
 * is loaded from the server's own path, since the console tells no content type for modules.
 */
@Component(
        service = Servlet.class,
        property = {
            ServletConstants.PLUGIN_LABEL + "=" + CapstanPage.LABEL,
            ServletConstants.PLUGIN_TITLE + "=Capstan",
            ServletConstants.PLUGIN_CATEGORY + "=Capstan"
        })
public final class CapstanPage extends AbstractServlet {
    static final String LABEL = "capstan";

    private static final long serialVersionUID = 1L;
    private static final String PAGE =
            """
            <capstan-app embedded></capstan-app>
            <script type="module" src="/app.js"></script>
            <noscript>This page needs JavaScript.</noscript>
            """;

    @Override
    public void renderContent(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().write(PAGE);
    }
}
