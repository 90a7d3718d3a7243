package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The end of the log. Nothing of ours writes a secret into it; what a library or a plug-in may have
 * written is put out of sight here once more (S7).
 */
@Component
public final class LogRoutes implements Routes {
    private static final int MOST_LINES = 1_000;
    private static final int USUAL_LINES = 200;
    private static final int MOST_BYTES = 1 << 20;

    private static final Pattern USER = Pattern.compile("(?<=://)[^/?#@\\s]+@");
    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+\\S+");
    private static final Pattern VALUE =
            Pattern.compile(
                    "(?i)((?:token|api[_-]?key|key|secret|password|passwd|pwd|arl|signature|sig|session(?:[_-]?id)?)\"?\\s*[=:]\\s*)\"?[^\\s\"&;,}]+");

    private final Path file;

    /** Takes where the log is. */
    @Activate
    public LogRoutes(BundleContext context) {
        file = DataFolder.of(context).root().resolve("logs").resolve("capstan.log");
    }

    @Override
    public void addTo(Router router) {
        router.add("GET", "/logs", this::tail);
    }

    private Reply tail(Call call) throws ProblemException, IOException {
        call.query("lines");
        var most = call.number("lines", 1, MOST_LINES, USUAL_LINES);
        var lines = end();
        var shown = lines.subList(Math.max(0, lines.size() - most), lines.size());
        var masked = shown.stream().map(LogRoutes::masked).toList();
        return Reply.json(200, new Fields().put("lines", Fields.texts(masked)).object());
    }

    /** Whole lines of the last part; what is cut at its beginning is left away. */
    private List<String> end() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            var from = Math.max(0, log.length() - MOST_BYTES);
            log.seek(from);
            var bytes = new byte[(int) Math.min(MOST_BYTES, log.length() - from)];
            log.readFully(bytes);
            var lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return from == 0 ? lines : lines.subList(Math.min(1, lines.size()), lines.size());
        }
    }

    static String masked(String line) {
        var bare = USER.matcher(line).replaceAll("");
        bare = BEARER.matcher(bare).replaceAll("$1 ***");
        return VALUE.matcher(bare).replaceAll("$1***");
    }
}
