package dev.capstan.host.deezer;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The settings of the host. */
@ObjectClassDefinition(
        name = "Capstan: Deezer",
        description =
                "Names and lists of Deezer, and the preview of each track, by its public interface.")
@interface DeezerConfig {

    @AttributeDefinition(name = "API", description = "Base address of the public interface.")
    String apiUrl() default "https://api.deezer.com";

    @AttributeDefinition(
            name = "Preview hosts",
            description =
                    "Hosts that previews may come from: whole names, or endings that begin with a"
                            + " dot.")
    String[] previewHosts() default {".dzcdn.net"};

    @AttributeDefinition(
            name = "Calls in 5 s",
            min = "1",
            max = "50",
            description = "Most calls of the public interface in any five seconds.")
    int callsPer5s() default 40;

    @AttributeDefinition(
            name = "Page size",
            min = "1",
            max = "100",
            description = "Members of a list that are asked for at once.")
    int pageSize() default 100;

    @AttributeDefinition(
            name = "Entries",
            min = "1",
            max = "100000",
            description = "Most members that are taken of one list.")
    int maxEntries() default 10_000;

    @AttributeDefinition(
            name = "Names in albums",
            description =
                    "Path of a member without its ending. Fields: {artist} {album_artist} {album}"
                            + " {title} {track_number:02d} {disc_number} {year}; a part in brackets"
                            + " is left out where a field of it is unknown.")
    String albumPath() default
            "{album_artist}/{album}[/CD {disc_number}]/[{track_number:02d} - ]{artist} - {title}";

    @AttributeDefinition(
            name = "Names in playlists",
            description =
                    "Path of a member without its ending. Fields: those of albums but"
                            + " {album_artist} and {year}, and {playlist}"
                            + " {playlist_position:02d}.")
    String playlistPath() default "{playlist}/{playlist_position:02d} - {artist} - {title}";
}
