package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;

/**
 * What is known of a playlist.
 *
 * @param checksum changes with its members
 */
record Playlist(String id, String title, String creator, String checksum) {

    static Playlist of(Fields fields) throws DownloadException {
        return new Playlist(
                fields.id(),
                fields.text("title"),
                fields.object("creator").text("name"),
                fields.text("checksum"));
    }
}
