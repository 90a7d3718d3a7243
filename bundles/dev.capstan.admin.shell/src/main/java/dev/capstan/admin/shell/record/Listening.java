package dev.capstan.admin.shell.record;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.PlayOrder.Repeat;
import dev.capstan.record.Playtime;
import dev.capstan.record.RecordException;
import dev.capstan.record.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The actions of {@code records} that all who listen hear (E8). */
final class Listening {
    private static final long MOST_SECONDS = 100_000_000;

    private final Services services;
    private final Records records;

    Listening(Services services, Records records) {
        this.services = services;
        this.records = records;
    }

    Answer run(String action, List<String> words) throws CommandException, RecordException {
        if (!RecordShelf.ACTIONS.contains(action)) {
            throw RecordShelf.unknown(action);
        }
        var values = List.of("seek", "shuffle", "repeat").contains(action) ? 1 : 0;
        if (words.size() != 1 + values) {
            throw CommandException.usage(
                    "records "
                            + action
                            + " needs a record"
                            + (values == 1 ? " and a value." : "."));
        }
        var record = RecordNames.resolve(records, words.get(0));
        switch (action) {
            case "listen" -> {
                return Answer.of(services.player().listen(record.id()));
            }
            case "stop" -> stop(record);
            case "pause" -> steer(record, null, 0);
            case "resume" -> steer(record, null, 1);
            case "seek" -> steer(record, seconds(words.get(1)), playing(record).rate());
            case "shuffle" -> shuffle(record, words.get(1));
            default -> repeat(record, words.get(1));
        }
        return Answer.of(new RecordStory(record, records.playtime(record.id()).orElse(null)));
    }

    private void stop(EtchedRecord record) throws CommandException {
        var player = services.player();
        for (var listener : player.listeners()) {
            if (listener.endsWith(record.id())) {
                player.stop(listener);
            }
        }
    }

    /** In the name of whoever leads: the operator's word counts for all. */
    private void steer(EtchedRecord record, @Nullable Duration to, double rate)
            throws CommandException, RecordException {
        var now = playing(record);
        var position = to == null ? now.positionAt(Instant.now()) : to;
        records.steer(record.id(), now.leader(), now.track(), position, rate);
    }

    private void shuffle(EtchedRecord record, String word)
            throws CommandException, RecordException {
        if (!word.equals("on") && !word.equals("off")) {
            throw CommandException.usage("records shuffle is told on or off.");
        }
        var now = playing(record);
        var seed = word.equals("on") ? ThreadLocalRandom.current().nextLong() : null;
        records.order(record.id(), now.leader(), new PlayOrder(now.order().repeat(), seed));
    }

    private void repeat(EtchedRecord record, String word) throws CommandException, RecordException {
        var now = playing(record);
        try {
            var repeat = Repeat.valueOf(word.toUpperCase(Locale.ROOT));
            records.order(record.id(), now.leader(), new PlayOrder(repeat, now.order().shuffle()));
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("records repeat is told none, track or all.");
        }
    }

    private Playtime playing(EtchedRecord record) throws CommandException {
        return records.playtime(record.id())
                .orElseThrow(
                        () ->
                                CommandException.failed(
                                        "Nobody listens to \"" + record.name() + "\" now."));
    }

    private static Duration seconds(String word) throws CommandException {
        try {
            var seconds = Double.parseDouble(word);
            if (seconds >= 0 && seconds < MOST_SECONDS) {
                return Duration.ofNanos((long) (seconds * 1e9));
            }
        } catch (NumberFormatException e) {
            // Told below, as a number out of range is.
        }
        throw CommandException.usage("\"" + word + "\" is no number of seconds.");
    }
}
