package dev.capstan.admin.shell.room;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.get.BatchProgress;
import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.room.Rooms;

/** R4: fetches the pieces of a match lock without a room. */
final class PieceFetching {
    private final Services services;
    private final Feed feed;
    private final Rooms rooms;

    PieceFetching(Services services, Feed feed, Rooms rooms) {
        this.services = services;
        this.feed = feed;
        this.rooms = rooms;
    }

    Answer run(String file, Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        var mandatoryOnly = arguments.has("mandatory");
        if (mandatoryOnly == arguments.has("all")) {
            throw CommandException.usage("room pieces needs either --all or --mandatory.");
        }
        var matchLock = RoomFiles.read(file, call);
        var folder = RoomCommand.folder(call);
        services.awaitPlugins();
        try (var progress = BatchProgress.on(services, feed, call)) {
            var fetching = rooms.pieces(matchLock, mandatoryOnly, folder);
            while (!fetching.isDone()) {
                progress.round();
            }
            progress.makeWay();
            Folders.print(RoomNames.await(fetching), call);
        }
        return Answer.DONE;
    }
}
