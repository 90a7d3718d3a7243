package dev.capstan.host.deezer.fake;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Good answers of the account gateway, and the track tokens it gave. Safe for any thread. */
final class Gateway {
    private final Clock clock;
    private final FakeAccount account;
    private final Catalogue catalogue;
    private final Map<String, TrackToken> tokens = new HashMap<>();

    Gateway(Clock clock, FakeAccount account, Catalogue catalogue) {
        this.clock = clock;
        this.account = account;
        this.catalogue = catalogue;
    }

    /** A right to ask for the media of a track. */
    record TrackToken(FakeTrack track, Instant expiry) {}

    /** The call with what it is about. */
    static Call recognise(Call call) {
        return switch (call.query().getOrDefault("method", "")) {
            case "deezer.getUserData" -> call.about(Endpoint.USER_DATA, 0);
            case "song.getData" -> call.about(Endpoint.SONG_DATA, id(call.json().get("sng_id")));
            default -> call;
        };
    }

    Reply answer(Call call) {
        if (!call.method().equals("POST")
                || !"1.0".equals(call.query().get("api_version"))
                || !"3".equals(call.query().get("input"))
                || !call.query().containsKey("api_token")) {
            return Reply.gatewayError("GATEWAY_ERROR");
        }
        return switch (call.endpoint()) {
            case USER_DATA -> user(call);
            case SONG_DATA -> song(call);
            default -> Reply.gatewayError("GATEWAY_ERROR");
        };
    }

    synchronized Optional<TrackToken> find(String token) {
        return Optional.ofNullable(tokens.get(token));
    }

    synchronized List<String> tokens() {
        return List.copyOf(tokens.keySet());
    }

    private Reply user(Call call) {
        if (!isMember(call)) {
            return results(
                    Json.createObjectBuilder()
                            .add("USER", Json.createObjectBuilder().add("USER_ID", 0))
                            .add("checkForm", "nobody"));
        }
        var given = account.renew();
        var high = account.mayHave(Format.MP3_320);
        var lossless = account.mayHave(Format.FLAC);
        var options =
                Json.createObjectBuilder()
                        .add("license_token", given.licence())
                        .add("license_country", account.country())
                        .add("web_hq", high)
                        .add("mobile_hq", high)
                        .add("web_lossless", lossless)
                        .add("mobile_lossless", lossless);
        var reply =
                results(
                        Json.createObjectBuilder()
                                .add(
                                        "USER",
                                        Json.createObjectBuilder()
                                                .add("USER_ID", 4711)
                                                .add("OPTIONS", options))
                                .add("COUNTRY", account.country())
                                .add("checkForm", given.apiToken()));
        return new Reply(
                200,
                reply.type(),
                reply.body(),
                List.of("Set-Cookie: sid=" + given.sid() + "; path=/; HttpOnly"));
    }

    private Reply song(Call call) {
        if (!account.admits(call)) {
            return Reply.gatewayError("VALID_TOKEN_REQUIRED");
        }
        if (!isMember(call)) {
            return Reply.gatewayError("NEED_USER_AUTH");
        }
        var track = catalogue.findTrack(call.id()).orElse(null);
        if (track == null) {
            return Reply.gatewayError("DATA_ERROR");
        }
        var expiry = clock.instant().plus(track.tokenLives());
        String token;
        synchronized (this) {
            token = "marked-track-token-" + (tokens.size() + 1);
            tokens.put(token, new TrackToken(track, expiry));
        }
        var song = sizes(track);
        song.add("TRACK_TOKEN", token).add("TRACK_TOKEN_EXPIRE", expiry.getEpochSecond());
        track.fallback().ifPresent(other -> song.add("FALLBACK", sizes(other)));
        return results(song);
    }

    private boolean isMember(Call call) {
        return call.cookie("arl").filter(account.arl()::equals).isPresent();
    }

    private static JsonObjectBuilder sizes(FakeTrack track) {
        var song =
                Json.createObjectBuilder()
                        .add("SNG_ID", Long.toString(track.id()))
                        .add("SNG_TITLE", track.describe().title())
                        .add("ISRC", track.isrc());
        for (var format : Format.values()) {
            var size = track.find(format).map(body -> body.length()).orElse(0L);
            song.add("FILESIZE_" + format, Long.toString(size));
        }
        return song;
    }

    private static Reply results(JsonObjectBuilder results) {
        JsonObject answer =
                Json.createObjectBuilder()
                        .add("error", JsonValue.EMPTY_JSON_ARRAY)
                        .add("results", results)
                        .build();
        return Reply.json(answer);
    }

    private static long id(@Nullable JsonValue value) {
        if (value instanceof JsonNumber number) {
            return number.longValue();
        }
        return value instanceof JsonString text && text.getString().matches("[0-9]{1,18}")
                ? Long.parseLong(text.getString())
                : 0;
    }
}
