package dev.capstan.host.fshare;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.Time;
import dev.capstan.net.spi.OutboundRequest;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the service, each with what is used of its answer. Keeps no state and repeats
 * nothing; safe for any thread.
 */
final class Api {
    /** What may stand in a cookie and a body without being anything else. */
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e&&[^\",;\\\\]]{1,4096}");

    private static final int LEAST_OF_FOLDER_LIST = 60;
    private static final int MOST_OF_FOLDER_LIST = 100;

    private final Settings settings;
    private final Pacer pacer;
    private final Refusals refusals;
    private final Redaction redaction;
    private final Time time;

    Api(Settings settings, Redaction redaction, Time time) {
        this.settings = settings;
        this.redaction = redaction;
        this.time = time;
        pacer = new Pacer(time, settings.callSpacing());
        refusals = new Refusals(settings, redaction, time);
    }

    /** What the listing answers to a code. */
    record Listed(FileFacts current, JsonArray items, @Nullable String next) {}

    Session login(Line line, Credentials credentials)
            throws DownloadException, InterruptedException {
        var body =
                Json.createObjectBuilder()
                        .add("app_key", credentials.appKey())
                        .add("user_email", credentials.email())
                        .add("password", credentials.password());
        var answer = post(line, null, "/user/login", body);
        if (!answer.isSuccess()) {
            throw refusals.login(answer);
        }
        var token = answer.fields().text("token");
        var id = answer.fields().text("session_id");
        if (token == null || id == null || !isPlain(token) || !isPlain(id)) {
            throw refusals.notUnderstood(answer);
        }
        redaction.know(token, id);
        return new Session(token, id);
    }

    void logout(Line line, Session session) throws DownloadException, InterruptedException {
        get(line, session, api("/user/logout"));
    }

    Profile profile(Line line, Session session) throws DownloadException, InterruptedException {
        var answer = get(line, session, api("/user/get"));
        if (!answer.isSuccess()) {
            throw refusals.call(answer, false);
        }
        if (answer.fields().isEmpty()) {
            throw refusals.notUnderstood(answer);
        }
        return Profile.of(answer.fields(), redaction, time.instant());
    }

    /** Asks for a direct link; the one call that costs quota. */
    DirectLink download(Line line, Session session, FshareLink link, Optional<String> password)
            throws DownloadException, InterruptedException {
        var body = inSession(session).add("url", link.address());
        password.ifPresent(secret -> body.add("password", secret));
        password.ifPresent(redaction::know);
        var answer = post(line, session, "/session/download", body.add("zipflag", 0));
        var location = answer.fields().text("location");
        if (!answer.isSuccess() || location == null) {
            throw refusals.call(answer, password.isPresent());
        }
        return Delivery.of(location, settings);
    }

    FileFacts file(Line line, Session session, FshareLink link)
            throws DownloadException, InterruptedException {
        var answer =
                post(line, session, "/fileops/get", inSession(session).add("url", link.address()));
        if (!answer.isSuccess()) {
            throw refusals.call(answer, false);
        }
        var deleted = answer.fields().number("deleted");
        if (deleted != null && deleted == 1) {
            throw refusals.notFound();
        }
        var facts = FileFacts.of(answer.fields());
        if (facts.name() == null) {
            throw refusals.notUnderstood(answer);
        }
        return facts;
    }

    /** A page of a folder, counted from 0; null where there is none. */
    @Nullable JsonArray folderList(Line line, Session session, FshareLink link, int page)
            throws DownloadException, InterruptedException {
        var limit =
                Math.max(
                        LEAST_OF_FOLDER_LIST,
                        Math.min(MOST_OF_FOLDER_LIST, settings.folderPageSize()));
        var body =
                inSession(session)
                        .add("url", link.address())
                        .add("dirOnly", 0)
                        .add("pageIndex", page)
                        .add("limit", limit);
        var answer = post(line, session, "/fileops/getFolderList", body);
        if (answer.code() == 404) {
            return null;
        }
        var list = answer.array();
        if (!answer.isSuccess() || list == null) {
            throw refusals.call(answer, false);
        }
        return list;
    }

    /** A page of the listing that needs no account, counted from 1; of a file, the file itself. */
    Listed listing(Line line, FshareLink link, int page)
            throws DownloadException, InterruptedException {
        var query =
                "?linkcode=%s&sort=type,name&page=%d&per-page=%d"
                        .formatted(link.code(), page, settings.folderPageSize());
        var answer = get(line, null, URI.create(settings.folderUrl() + query));
        if (!answer.isSuccess()) {
            throw refusals.listing(answer);
        }
        var current = FileFacts.of(answer.fields().within("current"));
        var items = answer.fields().list("items");
        if (link.kind() == FshareLink.Kind.FILE ? current.name() == null : items == null) {
            throw refusals.notUnderstood(answer);
        }
        return new Listed(
                current,
                items == null ? JsonArray.EMPTY_JSON_ARRAY : items,
                address(answer.fields().within("_links"), "next"));
    }

    /** Links are given as texts or, in the manner of HAL, as objects. */
    private static @Nullable String address(Fields links, String name) {
        var text = links.text(name);
        return text != null ? text : links.within(name).text("href");
    }

    private static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches();
    }

    private static JsonObjectBuilder inSession(Session session) {
        return Json.createObjectBuilder().add("token", session.token());
    }

    private URI api(String path) {
        return URI.create(settings.apiUrl() + path);
    }

    private Answer get(Line line, @Nullable Session session, URI uri)
            throws DownloadException, InterruptedException {
        return send(line, session, OutboundRequest.get(uri));
    }

    private Answer post(Line line, @Nullable Session session, String path, JsonObjectBuilder body)
            throws DownloadException, InterruptedException {
        var bytes = body.build().toString().getBytes(UTF_8);
        return send(line, session, OutboundRequest.post(api(path), "application/json", bytes));
    }

    private Answer send(Line line, @Nullable Session session, OutboundRequest request)
            throws DownloadException, InterruptedException {
        pacer.await(line.deadline());
        var dressed = request.with("Accept", "application/json");
        if (!settings.userAgent().isEmpty()) {
            dressed = dressed.with("User-Agent", settings.userAgent());
        }
        if (session != null) {
            dressed = dressed.with("Cookie", "session_id=" + session.id());
        }
        try {
            return Answer.of(line.clients().get().send(dressed));
        } catch (DownloadException e) {
            if (e.errorClass() != ErrorClass.PROTOCOL) {
                throw e;
            }
            // An answer that is too long or broken off says nothing against the file.
            throw new DownloadException(
                    ErrorClass.HOST, "Fshare's answer cannot be used: " + e.getMessage(), e);
        }
    }
}
