package dev.capstan.download.provider;

import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadQuery.Sort;
import dev.capstan.download.DownloadState;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.osgi.util.promise.Promise;

/**
 * One command for all members of a batch. Members it is not for stay as they are: a retry is for
 * those that failed or were cancelled, not for what is finished. Listings come first, so that none
 * adds members behind the command's back.
 */
final class BatchCommand {
    private final String id;
    private final Command command;
    private final View view;
    private final Commands commands;
    private final Desk desk;

    BatchCommand(String id, Command command, View view, Commands commands, Desk desk) {
        this.id = id;
        this.command = command;
        this.view = view;
        this.commands = commands;
        this.desk = desk;
    }

    /** The members after the move, oldest first. */
    Promise<List<Download>> start() {
        return desk.later(this::members).flatMap(members -> desk.all(members));
    }

    private List<Promise<Download>> members() throws RefusedException, InterruptedException {
        if (view.batch(id).isEmpty()) {
            throw new RefusedException(Reason.NOT_FOUND, "There is no batch " + id + ".");
        }
        var query =
                DownloadQuery.ALL
                        .withBatch(id)
                        .withSort(Sort.ADDED, false)
                        .withLimit(DownloadQuery.MAX_LIMIT);
        var moves = new ArrayList<Promise<Download>>();
        for (var page = view.list(query); ; page = view.list(query.from(page.next()))) {
            for (var member : page.items()) {
                moves.add(move(member));
            }
            if (page.next() == null) {
                return moves;
            }
        }
    }

    private Promise<Download> move(Download member) throws InterruptedException {
        if (member.kind() == Download.Kind.LISTING) {
            var moved = moved(member);
            return desk.later(() -> moved);
        }
        return desk.later(() -> moved(member));
    }

    private Download moved(Download member) throws InterruptedException {
        if (!isFor(member.state())) {
            return member;
        }
        try {
            return view.of(commands.apply(member.id(), command));
        } catch (RefusedException e) {
            // It moved by itself meanwhile, or is gone.
            return view.get(member.id()).orElse(member);
        }
    }

    private boolean isFor(DownloadState state) {
        return switch (command) {
            case PAUSE ->
                    state == DownloadState.QUEUED
                            || state == DownloadState.STARTING
                            || state == DownloadState.DOWNLOADING;
            case RESUME -> state == DownloadState.PAUSED;
            case CANCEL -> !state.isEnded();
            case RETRY -> state == DownloadState.FAILED || state == DownloadState.CANCELLED;
        };
    }
}
