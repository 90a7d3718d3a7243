package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.content.Content;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** What the content store holds, and whether it is still right (P7). */
@Component
public final class ContentRoutes implements Routes {
    private static final String VERIFY = "/content/verify";

    private final Verification verification = new Verification();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Contents contents;

    @Override
    public void addTo(Router router) {
        router.add("GET", "/content/{sha256}", Scope.READ, this::one)
                .add("GET", VERIFY, Scope.READ, this::progress)
                .add("POST", VERIFY, this::verify);
    }

    @Deactivate
    void close() {
        verification.close();
    }

    private Reply one(Call call) throws ProblemException {
        call.query();
        var content =
                store().find(digest(call.named("sha256")))
                        .orElseThrow(
                                () -> ProblemException.notFound("There is no content with it."));
        return Reply.json(200, shown(content).object());
    }

    private Reply progress(Call call) throws ProblemException {
        call.query();
        return Reply.json(200, verification.shown().object());
    }

    private Reply verify(Call call) throws ProblemException, IOException {
        call.query();
        var body = call.body("sample", "sha256");
        var sample = body.integer("sample", 1, Integer.MAX_VALUE);
        var named = body.text("sha256").orElse(null);
        var store = store();
        List<Digest> only = List.of();
        if (named != null) {
            only = List.of(digest(named));
            if (store.find(only.get(0)).isEmpty()) {
                throw ProblemException.notFound("There is no content with it.");
            }
        }
        if (!verification.start(store, only, named == null ? sample : OptionalInt.empty())) {
            throw new ProblemException(
                    409, "RUNNING", "A verification is running; wait until it has ended.");
        }
        return Reply.json(202, verification.shown().object()).with("Location", "/api/v1" + VERIFY);
    }

    private static Digest digest(String hex) throws ProblemException {
        try {
            return Digest.sha256(hex);
        } catch (IllegalArgumentException e) {
            throw ProblemException.malformed(e.getMessage() + ".");
        }
    }

    private static Fields shown(Content content) {
        return new Fields()
                .put("sha256", content.digest().hex())
                .put("size", content.size())
                .put("stored", content.stored())
                .put("lastUsed", content.lastUsed())
                .put("mediaType", content.mediaType())
                .put("pins", Fields.texts(new TreeSet<>(content.pins())));
    }

    private Contents store() throws ProblemException {
        return ProblemException.present(contents, "the content store");
    }
}
