package dev.capstan.download.provider;

import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.osgi.util.promise.Promise;

/**
 * One command for all members of a batch that it is for: a retry is for those that failed or were
 * cancelled, not for what is finished. A listing that is being expanded may add members behind the
 * command's back; so it is looked again whether there are any, until there are none.
 */
final class BatchCommand {
    private static final int PASSES = 3;

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

    /** Gives all members after the move, oldest first. */
    Promise<List<Download>> start() {
        return desk.later(this::check)
                .flatMap(known -> pass(PASSES))
                .flatMap(done -> desk.later(() -> members(Set.of())));
    }

    private boolean check() throws RefusedException {
        if (view.batch(id).isEmpty()) {
            throw new RefusedException(Reason.NOT_FOUND, "There is no batch " + id + ".");
        }
        return true;
    }

    private Promise<Boolean> pass(int left) {
        return desk.later(() -> members(wanted()))
                .flatMap(members -> desk.all(members.stream().map(this::move).toList()))
                .flatMap(
                        moved ->
                                moved.isEmpty() || left == 1
                                        ? desk.later(() -> true)
                                        : pass(left - 1));
    }

    private Promise<Boolean> move(Download member) {
        return desk.later(
                member.id(),
                () -> {
                    try {
                        commands.apply(member.id(), command);
                        return true;
                    } catch (RefusedException e) {
                        // It moved by itself meanwhile, or is gone.
                        return false;
                    }
                });
    }

    private List<Download> members(Set<DownloadState> states) {
        var query =
                DownloadQuery.ALL
                        .withBatch(id)
                        .withStates(states)
                        .withLimit(DownloadQuery.MAX_LIMIT);
        var members = new ArrayList<Download>();
        var page = view.list(query);
        members.addAll(page.items());
        while (page.next() != null) {
            page = view.list(query.from(page.next()));
            members.addAll(page.items());
        }
        return members;
    }

    private Set<DownloadState> wanted() {
        return command == Command.RETRY
                ? EnumSet.of(DownloadState.FAILED, DownloadState.CANCELLED)
                : command.from();
    }
}
