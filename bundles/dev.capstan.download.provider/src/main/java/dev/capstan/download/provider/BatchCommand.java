package dev.capstan.download.provider;

import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Set<DownloadState> wanted;
    private final boolean removes;
    private final Step step;
    private final View view;
    private final Desk desk;

    /** What is done to a member. */
    private interface Step {
        Download take(String member) throws RefusedException, InterruptedException;
    }

    private BatchCommand(
            String id,
            Set<DownloadState> wanted,
            boolean removes,
            Step step,
            View view,
            Desk desk) {
        this.id = id;
        this.wanted = wanted;
        this.removes = removes;
        this.step = step;
        this.view = view;
        this.desk = desk;
    }

    /** A move of all members it is legal for. */
    static BatchCommand of(String id, Command command, View view, Commands commands, Desk desk) {
        var wanted =
                command == Command.RETRY
                        ? EnumSet.of(DownloadState.FAILED, DownloadState.CANCELLED)
                        : command.from();
        return new BatchCommand(
                id, wanted, false, member -> commands.apply(member, command), view, desk);
    }

    /** The removal of all members. */
    static BatchCommand removal(
            String id, boolean deleteFiles, View view, Commands commands, Desk desk) {
        return new BatchCommand(
                id, Set.of(), true, member -> commands.remove(member, deleteFiles), view, desk);
    }

    /** Gives all members after the move, or those that were removed, oldest first. */
    Promise<List<Download>> start() {
        var removed = new LinkedHashMap<String, Download>();
        return desk.later(this::check)
                .flatMap(known -> pass(PASSES, removed))
                .flatMap(
                        done ->
                                desk.later(
                                        () ->
                                                removes
                                                        ? List.copyOf(removed.values())
                                                        : members(Set.of())));
    }

    private boolean check() throws RefusedException {
        if (view.batch(id).isEmpty()) {
            throw new RefusedException(Reason.NOT_FOUND, "There is no batch " + id + ".");
        }
        return true;
    }

    private Promise<Boolean> pass(int left, Map<String, Download> removed) {
        return desk.later(() -> members(wanted))
                .flatMap(
                        members -> {
                            if (removes) {
                                // Put in their order here; what is removed cannot be listed after.
                                members.forEach(member -> removed.put(member.id(), member));
                            }
                            return desk.all(members.stream().map(this::move).toList());
                        })
                .flatMap(
                        moved ->
                                moved.isEmpty() || left == 1
                                        ? desk.later(() -> true)
                                        : pass(left - 1, removed));
    }

    private Promise<Boolean> move(Download member) {
        return desk.later(
                member.id(),
                () -> {
                    try {
                        step.take(member.id());
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
}
