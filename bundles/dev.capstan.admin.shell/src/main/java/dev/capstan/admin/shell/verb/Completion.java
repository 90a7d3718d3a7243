package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Usage;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.record.RecordShelf;
import dev.capstan.admin.shell.room.RoomCommand;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.room.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What may stand at a place of a command line: verbs, options, states, ids. */
@Component(service = Completion.class)
public final class Completion {
    private static final int MOST_IDS = 30;
    private static final int MOST_BATCHES = 30;

    private final Services services;
    private final Commands commands;

    /** Creates it for a host's verbs. */
    @Activate
    public Completion(@Reference Services services, @Reference Commands commands) {
        this.services = services;
        this.commands = commands;
    }

    /**
     * Something that may stand there.
     *
     * @param text what to write
     * @param description what it is
     */
    public record Choice(String text, String description) {}

    /** The verbs. */
    public List<Choice> verbs() {
        var choices = new ArrayList<Choice>();
        for (var verb : Commands.VERBS) {
            try {
                choices.add(new Choice(verb, commands.verb(verb).definition().summary()));
            } catch (CommandException e) {
                throw new IllegalStateException(e);
            }
        }
        return choices;
    }

    /**
     * What may stand behind a verb.
     *
     * @param before the verb and its words up to the place
     * @param word what stands there so far
     */
    public List<Choice> words(List<String> before, String word) {
        try {
            var verb = before.get(0);
            var usage = commands.verb(verb).definition().usage();
            var open = openOption(usage, before);
            if (open != null) {
                return values(open);
            }
            if (word.startsWith("-")) {
                return options(usage);
            }
            return operands(usage, before, word);
        } catch (CommandException | IllegalStateException e) {
            return List.of(); // there is no such verb, or no queue to ask
        }
    }

    private List<Choice> operands(Usage usage, List<String> before, String word) {
        var verb = usage.verb();
        if (verb.equals("help")) {
            return verbs();
        }
        if (before.size() == 1 && verb.equals("records")) {
            return choices(RecordShelf.ACTIONS);
        }
        if (verb.equals("room")) {
            return before.size() == 1 ? choices(RoomCommand.ACTIONS) : rooms(before.get(1));
        }
        if (before.size() == 1 && verb.equals("accounts")) {
            return choices(Accounts.ACTIONS);
        }
        if (before.size() == 1 && verb.equals("token")) {
            return choices(TokenList.ACTIONS);
        }
        if (before.size() == 1 && (verb.equals("features") || verb.equals("cache"))) {
            var actions = verb.equals("cache") ? Cache.ACTIONS : FeatureList.ACTIONS;
            return choices(actions);
        }
        return usage.synopsis().contains("ID") ? ids(verb, word) : List.of();
    }

    private List<Choice> rooms(String action) {
        var rooms = services.roomsNow();
        if (rooms == null || !List.of("show", "retry", "leave").contains(action)) {
            return List.of();
        }
        return choices(rooms.list().stream().map(Room::id).toList());
    }

    private List<Choice> ids(String verb, String word) {
        var downloads = services.downloadsNow();
        if (downloads == null) {
            return List.of();
        }
        var newest = DownloadQuery.ALL.withSort(DownloadQuery.Sort.ADDED, true);
        var found =
                word.isEmpty()
                        ? downloads.list(newest.withLimit(MOST_IDS)).items()
                        : downloads.match(word, MOST_IDS);
        var choices = new ArrayList<Choice>();
        for (var download : found) {
            if (fits(verb, download)) {
                var what = Words.state(download) + ", " + Words.name(download);
                choices.add(new Choice(download.id(), what));
            }
        }
        return choices;
    }

    private static boolean fits(String verb, Download download) {
        var state = download.state();
        return switch (verb) {
            case "pause" -> state.canMoveTo(DownloadState.PAUSED);
            case "resume" -> state == DownloadState.PAUSED;
            case "cancel" -> state.canMoveTo(DownloadState.CANCELLED);
            case "retry" -> state.isEnded();
            case "wait", "watch" -> !state.isEnded();
            default -> true;
        };
    }

    private List<Choice> values(Usage.Option option) {
        return switch (option.name()) {
            case "state" -> constants(DownloadState.values());
            case "sort" -> constants(DownloadQuery.Sort.values());
            case "batch" -> batches();
            default -> List.of();
        };
    }

    private List<Choice> batches() {
        var downloads = services.downloadsNow();
        var choices = new ArrayList<Choice>();
        if (downloads != null) {
            for (var batch : downloads.batches(null, MOST_BATCHES)) {
                choices.add(new Choice(batch.id(), batch.name()));
            }
        }
        return choices;
    }

    private static List<Choice> options(Usage usage) {
        var choices = new ArrayList<Choice>();
        for (var option : usage.options()) {
            choices.add(new Choice("--" + option.name(), option.description()));
        }
        return choices;
    }

    private static Usage.@Nullable Option openOption(Usage usage, List<String> before) {
        var last = before.get(before.size() - 1);
        for (var option : usage.options()) {
            var named = last.equals("--" + option.name()) || last.equals("-" + option.letter());
            if (named && option.value() != null) {
                return option;
            }
        }
        return null;
    }

    private static List<Choice> constants(Enum<?>[] constants) {
        var names = new ArrayList<String>();
        for (var constant : constants) {
            names.add(constant.name().toLowerCase(Locale.ROOT));
        }
        return choices(names);
    }

    private static List<Choice> choices(List<String> texts) {
        var choices = new ArrayList<Choice>();
        for (var text : texts) {
            choices.add(new Choice(text, ""));
        }
        return choices;
    }
}
