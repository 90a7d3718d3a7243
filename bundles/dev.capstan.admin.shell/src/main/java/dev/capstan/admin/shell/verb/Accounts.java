package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Promises;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Nearest;
import dev.capstan.admin.shell.text.Style.Tint;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.host.Account;
import dev.capstan.host.AccountField;
import dev.capstan.host.HostInfo;
import dev.capstan.host.Hosts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code accounts}: how the accounts behind the hosts stand, and setting, trying and forgetting
 * them. A secret is never taken from the command line, where other users of the machine could read
 * it (S7).
 */
public final class Accounts implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Shows the accounts of hosts; sets, checks, removes them.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] [set HOST [-] | check HOST... | rm HOST...]

            "set" asks for each value; an empty answer leaves it as it is. With "-" the values are
            read from standard input, as lines of NAME=VALUE. They are kept where only you can read
            them, and never shown.
            """;

    private static final String EXAMPLES =
            """
            capstan accounts
            capstan accounts set fshare
            capstan accounts set fshare - < account.txt
            capstan accounts check fshare
            """;

    private static final Definition DEFINITION =
            new Definition("accounts", SUMMARY, ARGUMENTS, EXAMPLES);

    static final List<String> ACTIONS = List.of("set", "check", "rm");

    private final Services services;

    Accounts(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var words = call.arguments().operands();
        services.awaitPlugins();
        var hosts = services.hosts();
        if (words.isEmpty()) {
            return Answer.of(list(hosts));
        }
        var action = words.get(0);
        if (!ACTIONS.contains(action)) {
            throw CommandException.usage(
                    "accounts cannot \"" + action + "\"" + Nearest.hint(action, ACTIONS));
        }
        if (words.size() == 1) {
            throw CommandException.usage("accounts " + action + " needs the name of a host.");
        }
        if (action.equals("set")) {
            return set(hosts, words.subList(1, words.size()), call);
        }
        var exit = ExitCode.DONE;
        for (var host : words.subList(1, words.size())) {
            try {
                exit = Math.max(exit, act(hosts, action, host, call));
            } catch (CommandException e) {
                call.complain(CommandException.sentence(e));
                exit = e.exit();
            }
        }
        return Answer.exit(exit);
    }

    private static int act(Hosts hosts, String action, String host, Invocation call)
            throws CommandException, InterruptedException {
        if (action.equals("rm")) {
            Promises.await(hosts.removeAccount(host));
            say(call, host, "the account was removed.");
            return ExitCode.DONE;
        }
        var account = Promises.await(hosts.checkAccount(host));
        var well = works(account);
        say(call, host, state(account) + (account.note() == null ? "." : ": " + account.note()));
        return well ? ExitCode.DONE : ExitCode.ACCOUNT;
    }

    private static Answer set(Hosts hosts, List<String> words, Invocation call)
            throws CommandException, InterruptedException {
        var host = words.get(0);
        if (words.size() > 2 || (words.size() == 2 && !words.get(1).equals("-"))) {
            throw CommandException.usage(
                    "accounts set takes the name of one host, and \"-\" to read the values from"
                            + " standard input; values do not belong on a command line.");
        }
        var fields = hosts.accountFields(host);
        if (fields.isEmpty()) {
            throw CommandException.failed(
                    "Host \"" + Text.clean(host) + "\" has no account that can be set.");
        }
        try {
            var values = words.size() == 2 ? read(call) : ask(fields, host, call);
            if (values.isEmpty()) {
                throw CommandException.failed("No value was given; nothing was changed.");
            }
            Promises.await(hosts.setAccount(host, values));
        } catch (IOException e) {
            throw CommandException.failed("The values cannot be read: " + e.getMessage());
        }
        say(call, host, "the account is kept. \"capstan accounts check " + host + "\" tries it.");
        return Answer.DONE;
    }

    private static Map<String, String> ask(List<AccountField> fields, String host, Invocation call)
            throws CommandException, IOException, InterruptedException {
        var values = new LinkedHashMap<String, String>();
        for (var field : fields) {
            call.console().err().flush();
            var prompt = host + " " + Text.clean(field.name()) + ": ";
            var answer = call.console().questions().ask(prompt, field.secret());
            if (answer == null) {
                throw CommandException.failed(
                        "There is no answer, and nothing was changed. Where there is no terminal,"
                                + " give \"-\" and NAME=VALUE lines on standard input.");
            }
            if (!answer.isBlank()) {
                values.put(field.name(), answer.strip());
            }
        }
        return values;
    }

    /** No message repeats a line: it may be half of a secret. */
    private static Map<String, String> read(Invocation call) throws CommandException, IOException {
        var values = new LinkedHashMap<String, String>();
        var reader =
                new BufferedReader(
                        new InputStreamReader(call.console().in(), StandardCharsets.UTF_8));
        var number = 0;
        for (String line; (line = reader.readLine()) != null; ) {
            number++;
            var equals = line.indexOf('=');
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (equals <= 0) {
                throw CommandException.usage("Line " + number + " is not NAME=VALUE.");
            }
            values.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        }
        return values;
    }

    private static Listing<HostInfo> list(Hosts hosts) {
        var rows = hosts.list().stream().filter(host -> host.account() != null).toList();
        return new Listing<>(
                rows,
                List.of(
                        Column.left("HOST", HostInfo::id),
                        Column.<HostInfo>left("STATE", row -> of(row, Accounts::state))
                                .tinted(Accounts::tint),
                        Column.left("NAME", row -> of(row, Account::name)),
                        Column.left("KIND", row -> of(row, Account::type)),
                        Column.left("UNTIL", row -> of(row, Accounts::until)),
                        Column.right("LEFT", row -> of(row, Accounts::left)),
                        Column.cut("NOTE", row -> of(row, Account::note))),
                rows.isEmpty() ? "No host here has an account." : "");
    }

    private interface Part {
        @Nullable Object of(Account account);
    }

    private static String of(HostInfo host, Part part) {
        var account = host.account();
        var value = account == null ? null : part.of(account);
        return value == null ? "" : Text.clean(String.valueOf(value));
    }

    private static Tint tint(HostInfo host) {
        var account = host.account();
        if (account == null || account.state() == Account.State.UNKNOWN) {
            return Tint.QUIET;
        }
        return works(account) ? Tint.DONE : Tint.WAITING;
    }

    static boolean works(Account account) {
        return switch (account.state()) {
            case OK, PREVIEWS_ONLY, UNKNOWN -> true;
            case NOT_CONFIGURED, INVALID, LOCKED, APP_REFUSED, LIMIT -> false;
        };
    }

    private static String state(Account account) {
        return switch (account.state()) {
            case UNKNOWN -> "not tried yet";
            case OK -> "works";
            default -> account.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    private static @Nullable Object until(Account account) {
        var end = account.validUntil();
        return end == null ? null : end.toString().substring(0, 10);
    }

    private static @Nullable Object left(Account account) {
        return account.trafficLeft() < 0 ? null : Units.bytes(account.trafficLeft());
    }

    private static void say(Invocation call, String host, String sentence) {
        call.console().out().println(Text.clean(host) + ": " + Text.clean(sentence));
    }
}
