package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Reply;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Good answers of the public API. Safe for any thread. */
final class PublicApi {
    private static final Pattern PATH =
            Pattern.compile("/(track|album|playlist)/([1-9][0-9]{0,18})(/tracks)?");
    private static final int MOST_ON_PAGE = 100;
    private static final int PAGE = 25;
    private static final Reply NO_DATA = Answer.refused(800, "DataException", "no data");

    private final Catalogue catalogue;
    private final Delivery delivery;
    private final URI base;
    private volatile int embedded = 10;

    PublicApi(Catalogue catalogue, Delivery delivery, URI base) {
        this.catalogue = catalogue;
        this.delivery = delivery;
        this.base = base;
    }

    void embedded(int tracks) {
        embedded = tracks;
    }

    /** The call with what it is about. */
    static Call recognise(Call call) {
        var path = PATH.matcher(call.path());
        if (!path.matches() || !call.method().equals("GET")) {
            return call;
        }
        var isList = path.group(3) != null;
        var endpoint =
                switch (path.group(1)) {
                    case "track" -> isList ? Endpoint.UNKNOWN : Endpoint.TRACK;
                    case "album" -> isList ? Endpoint.ALBUM_TRACKS : Endpoint.ALBUM;
                    default -> isList ? Endpoint.PLAYLIST_TRACKS : Endpoint.PLAYLIST;
                };
        return call.about(endpoint, Long.parseLong(path.group(2)));
    }

    Reply answer(Call call) {
        return switch (call.endpoint()) {
            case TRACK -> reply(catalogue.findTrack(call.id()).map(this::describe));
            case ALBUM -> reply(catalogue.findAlbum(call.id()).map(this::describe));
            case ALBUM_TRACKS ->
                    reply(
                            catalogue
                                    .findAlbum(call.id())
                                    .map(album -> page(call, album.tracks()).build()));
            case PLAYLIST, PLAYLIST_TRACKS ->
                    catalogue
                            .findPlaylist(call.id())
                            .map(playlist -> answer(call, playlist))
                            .orElse(NO_DATA);
            default -> Answer.refused(600, "InvalidQueryException", "Unknown path components");
        };
    }

    private Reply answer(Call call, FakePlaylist playlist) {
        if (playlist.isPrivate()) {
            return Answer.refused(200, "OAuthException", "This playlist is private");
        }
        if (call.endpoint() == Endpoint.PLAYLIST) {
            return Reply.json(describe(playlist));
        }
        var page = page(call, playlist.tracks()).add("checksum", playlist.checksum()).build();
        playlist.pageGiven();
        return Reply.json(page);
    }

    private static Reply reply(Optional<JsonObject> found) {
        return found.map(Reply::json).orElse(NO_DATA);
    }

    private JsonObject describe(FakeTrack track) {
        var known = track.describe();
        var about =
                Json.createObjectBuilder()
                        .add("id", track.id())
                        .add("readable", known.isReadable())
                        .add("title", (known.title() + " " + known.version()).strip())
                        .add("title_short", known.title())
                        .add("title_version", known.version())
                        .add("isrc", track.isrc())
                        .add("duration", known.seconds())
                        .add("track_position", known.position())
                        .add("disk_number", known.disc())
                        .add("release_date", known.date())
                        .add("explicit_lyrics", false)
                        .add("preview", delivery.preview(track))
                        .add("artist", artist(known.artists().get(0)));
        var contributors = Json.createArrayBuilder();
        known.artists().forEach(name -> contributors.add(artist(name)));
        about.add("contributors", contributors);
        about.add(
                "album",
                track.album()
                        .map(PublicApi::brief)
                        .orElseGet(() -> Json.createObjectBuilder().add("id", 1).add("title", "")));
        return about.add("type", "track").build();
    }

    private JsonObject describe(FakeAlbum album) {
        var tracks = album.tracks();
        return brief(album)
                .add("upc", "%012d".formatted(album.id() % 1_000_000_000_000L))
                .add("artist", artist(album.artist()))
                .add("label", "Some Label")
                .add("nb_tracks", tracks.size())
                .add("duration", tracks.size() * 180L)
                .add("release_date", album.date())
                .add("record_type", "album")
                .add("tracks", cutShort(tracks))
                .add("type", "album")
                .build();
    }

    private JsonObject describe(FakePlaylist playlist) {
        var tracks = playlist.tracks();
        return Json.createObjectBuilder()
                .add("id", playlist.id())
                .add("title", playlist.title())
                .add("nb_tracks", tracks.size())
                .add("creator", Json.createObjectBuilder().add("id", 9).add("name", "Somebody"))
                .add("checksum", playlist.checksum())
                .add("tracks", cutShort(tracks))
                .add("type", "playlist")
                .build();
    }

    /** The list inside an object, which nobody may take for the whole. */
    private JsonObjectBuilder cutShort(List<FakeTrack> tracks) {
        var data = Json.createArrayBuilder();
        tracks.stream().limit(embedded).map(this::describe).forEach(data::add);
        return Json.createObjectBuilder().add("data", data);
    }

    private JsonObjectBuilder page(Call call, List<FakeTrack> tracks) {
        var index = Math.max(0, call.number("index", 0));
        var limit = Math.min(MOST_ON_PAGE, Math.max(1, call.number("limit", PAGE)));
        JsonArrayBuilder data = Json.createArrayBuilder();
        tracks.stream().skip(index).limit(limit).map(this::describe).forEach(data::add);
        var page = Json.createObjectBuilder().add("data", data).add("total", tracks.size());
        if (index + limit < tracks.size()) {
            var next = "?limit=" + limit + "&index=" + (index + limit);
            page.add("next", base + call.path() + next);
        }
        return page;
    }

    private static JsonObjectBuilder brief(FakeAlbum album) {
        var cover = "https://cdn-images.dzcdn.net/images/cover/" + album.id();
        return Json.createObjectBuilder()
                .add("id", album.id())
                .add("title", album.title())
                .add("cover_small", cover + "/56x56.jpg")
                .add("cover_xl", cover + "/1000x1000.jpg");
    }

    private static JsonObjectBuilder artist(String name) {
        return Json.createObjectBuilder()
                .add("id", 1 + (name.hashCode() & 0xffffff))
                .add("name", name)
                .add("role", "Main");
    }
}
