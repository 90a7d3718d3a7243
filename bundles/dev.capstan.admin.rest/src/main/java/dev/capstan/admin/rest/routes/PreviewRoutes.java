package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.PreviewJson;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.Previews;
import dev.capstan.download.Trust;
import java.io.IOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Links as they would be, before they are added. */
@Component
public final class PreviewRoutes implements Routes {
    private static final int MOST_LINKS = 1_000;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Previews previews;

    @Override
    public void addTo(Router router) {
        router.add("POST", "/links/preview", Scope.DOWNLOADS, this::preview);
    }

    private Answer preview(Call call) throws ProblemException, IOException {
        call.query();
        var body = call.body("urls", "headers", "linkPassword");
        var links = body.texts("urls");
        if (links.isEmpty() || links.size() > MOST_LINKS) {
            throw ProblemException.malformed("\"urls\" has from 1 to " + MOST_LINKS + " links.");
        }
        var requests = new ArrayList<DownloadRequest>();
        for (var link : links) {
            var request =
                    DownloadRequest.of(link)
                            .trust(Trust.NETWORK)
                            .linkPassword(body.text("linkPassword").orElse(null));
            body.textsByName("headers").forEach(request::header);
            requests.add(request);
        }
        var service = ProblemException.present(previews, "the download queue");
        return Answer.later(
                service.preview(requests), seen -> Reply.json(200, PreviewJson.list(seen)));
    }
}
