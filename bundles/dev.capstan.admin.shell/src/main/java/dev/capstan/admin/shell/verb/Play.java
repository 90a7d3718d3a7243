package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Ids;
import dev.capstan.admin.shell.host.Promises;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.content.ContentLink;
import dev.capstan.content.ContentLinks;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.Trust;
import dev.capstan.record.EtchedRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code play}: gives links that players read, also of what is not here yet (E10, P11). */
public final class Play implements Verb {

    /** What it does. */
    public static final String SUMMARY =
            "Prints a link that any player can play and seek in, while it still downloads.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] LINK|ID|RECORD
                  --m3u              prints a playlist
                  --player PROGRAM   starts that program with the link on this host's machine, says
                                     so, and waits for its end; Ctrl-C ends it
            """;

    private static final String EXAMPLES =
            """
            capstan play https://example.org/film.mkv
            mpv "$(capstan play 01KAB3)"
            capstan play --player mpv "Evening songs"
            """;

    private static final Definition DEFINITION =
            new Definition("play", SUMMARY, ARGUMENTS, EXAMPLES);

    private static final int MOST_RECORDS = 10_000;

    private final Services services;

    Play(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        if (arguments.operands().size() != 1) {
            throw CommandException.usage(
                    "play needs one link, or the id of one download or record.");
        }
        var what = arguments.operands().get(0);
        var links = services.links();
        var record = record(what);
        var playable =
                record.isPresent()
                        ? ofRecord(record.get(), links)
                        : ofDownload(download(what), links);
        var player = arguments.value("player");
        if (player != null) {
            return start(player, playable.links, call);
        }
        var out = call.console().out();
        if (arguments.has("m3u")) {
            out.print(playable.playlist);
        } else {
            playable.links.forEach(link -> out.println(link.uri()));
        }
        return Answer.DONE;
    }

    private record Playable(List<ContentLink> links, String playlist) {}

    private static Playable ofRecord(EtchedRecord record, ContentLinks links) {
        var tracks = new ArrayList<ContentLink>();
        for (int track = 0; track < record.tracks().size(); track++) {
            tracks.add(links.ofTrack(record.id(), track));
        }
        return new Playable(tracks, links.playlist(List.of(record)));
    }

    private static Playable ofDownload(Download download, ContentLinks links) {
        var link = links.ofDownload(download.id());
        var name = Text.clean(download.displayName());
        return new Playable(
                List.of(link), "#EXTM3U\n#EXTINF:-1," + name + "\n" + link.uri() + "\n");
    }

    private Download download(String what) throws CommandException, InterruptedException {
        var downloads = services.downloads();
        Download download;
        if (Ids.isLink(what)) {
            var request =
                    DownloadRequest.of(what)
                            .trust(Trust.OPERATOR)
                            .cacheOnly(true)
                            .lookAhead(DownloadRequest.STREAM);
            var added = Promises.await(downloads.add(List.of(request))).get(0);
            if (added.refusal() != null) {
                throw CommandException.of(added.refusal());
            }
            download = added.download();
            if (download == null) {
                throw new IllegalStateException("Neither a download nor a refusal");
            }
        } else {
            download = Ids.resolve(downloads, what);
        }
        // Opened here, so that it begins before the player is there, and what is wrong is told
        // here.
        Promises.await(downloads.open(download.id())).close();
        return downloads.get(download.id()).orElse(download);
    }

    /** A record by its name, or by how its id begins; a download's id goes before that. */
    private Optional<EtchedRecord> record(String what)
            throws CommandException, InterruptedException {
        var records = services.recordsNow();
        if (records == null) {
            return Optional.empty();
        }
        var prefix = what.toUpperCase(Locale.ROOT);
        var found = new ArrayList<EtchedRecord>();
        for (var record : records.list(null, MOST_RECORDS)) {
            if (record.name().equals(what) || record.id().equals(prefix)) {
                return Optional.of(record);
            }
            if (record.id().startsWith(prefix)) {
                found.add(record);
            }
        }
        if (found.size() > 1) {
            throw CommandException.usage(
                    "\"" + Text.clean(what) + "\" is how several records begin; write more of it.");
        }
        return services.downloads().match(what, 1).isEmpty()
                ? found.stream().findFirst()
                : Optional.empty();
    }

    private static Answer start(String player, List<ContentLink> links, Invocation call)
            throws CommandException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(player);
        links.forEach(link -> command.add(link.uri().toString()));
        call.console().err().println("capstan: starts " + String.join(" ", command));
        call.console().err().flush();
        Process process;
        try {
            process =
                    new ProcessBuilder(command)
                            .directory(call.folder().toFile())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            throw CommandException.failed(
                    Text.clean(player) + " cannot be started: " + e.getMessage());
        }
        try {
            process.getOutputStream().close();
            var exit = process.waitFor();
            if (exit != 0) {
                throw CommandException.failed(
                        Text.clean(player) + " ended with exit code " + exit + ".");
            }
            return Answer.exit(ExitCode.DONE);
        } catch (IOException e) {
            throw new IllegalStateException(e); // nothing was written to it
        } finally {
            process.destroy();
        }
    }
}
