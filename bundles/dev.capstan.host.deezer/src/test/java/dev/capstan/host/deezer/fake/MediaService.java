package dev.capstan.host.deezer.fake;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Good answers of the media service. Safe for any thread. */
final class MediaService {
    private final Clock clock;
    private final FakeAccount account;
    private final Gateway gateway;
    private final Delivery delivery;

    MediaService(Clock clock, FakeAccount account, Gateway gateway, Delivery delivery) {
        this.clock = clock;
        this.account = account;
        this.gateway = gateway;
        this.delivery = delivery;
    }

    /** The call with the first track it is about. */
    Call recognise(Call call) {
        var tokens = texts(call.json().get("track_tokens"));
        var track = tokens.stream().findFirst().flatMap(gateway::find);
        return call.about(Endpoint.MEDIA, track.map(found -> found.track().id()).orElse(0L));
    }

    Reply answer(Call call) {
        var request = call.json();
        var tokens = texts(request.get("track_tokens"));
        if (!call.method().equals("POST") || tokens.isEmpty()) {
            return Reply.html(400, "Bad Request");
        }
        var licensed =
                request.get("license_token") instanceof JsonString licence
                        && account.isLicence(licence.getString());
        var data = Json.createArrayBuilder();
        for (var token : tokens) {
            var found = gateway.find(token).orElse(null);
            if (!licensed || found == null || !clock.instant().isBefore(found.expiry())) {
                data.add(Reply.mediaError(1002, "Token is not valid"));
            } else {
                data.add(media(found.track(), formats(request)));
            }
        }
        return Reply.json(Json.createObjectBuilder().add("data", data).build());
    }

    private JsonObject media(FakeTrack track, List<Format> asked) {
        var media = Json.createArrayBuilder();
        for (var format : asked) {
            if (!account.mayHave(format)) {
                return Reply.mediaError(2002, "No sufficient rights on the requested media");
            }
            if (track.isServedIn(format)) {
                media.add(medium(track, format));
                break;
            }
        }
        return Json.createObjectBuilder().add("media", media).build();
    }

    private JsonObject medium(FakeTrack track, Format format) {
        var now = clock.instant();
        var expiry = now.plus(track.linkLives());
        var sources = Json.createArrayBuilder();
        for (var link : delivery.links(track, format, account.secret(), expiry)) {
            sources.add(Json.createObjectBuilder().add("url", link).add("provider", "fake"));
        }
        var medium =
                Json.createObjectBuilder()
                        .add("media_type", "FULL")
                        .add("format", format.name())
                        .add("sources", sources)
                        .add("nbf", now.getEpochSecond())
                        .add("exp", expiry.getEpochSecond());
        track.cipher()
                .ifPresent(
                        type -> medium.add("cipher", Json.createObjectBuilder().add("type", type)));
        return medium.build();
    }

    /** The known formats that were asked for with the cipher, in order. */
    private static List<Format> formats(JsonObject request) {
        var asked = new ArrayList<Format>();
        for (var medium : objects(request.get("media"))) {
            for (var format : objects(medium.get("formats"))) {
                for (var known : Format.values()) {
                    if (known.name().equals(format.getString("format", ""))
                            && FakeTrack.STRIPE.equals(format.getString("cipher", ""))) {
                        asked.add(known);
                    }
                }
            }
        }
        return asked;
    }

    private static List<JsonObject> objects(@Nullable JsonValue value) {
        return value instanceof JsonArray array
                ? array.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .toList()
                : List.of();
    }

    private static List<String> texts(@Nullable JsonValue value) {
        return value instanceof JsonArray array
                ? array.stream()
                        .filter(JsonString.class::isInstance)
                        .map(text -> ((JsonString) text).getString())
                        .toList()
                : List.of();
    }
}
