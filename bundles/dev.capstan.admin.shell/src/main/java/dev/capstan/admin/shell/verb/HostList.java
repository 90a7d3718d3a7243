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
import dev.capstan.admin.shell.text.Style.Tint;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.host.Account;
import dev.capstan.host.HostInfo;
import dev.capstan.host.Hosts;
import java.util.List;
import java.util.TreeSet;

/** {@code hosts}: lists where files can come from. */
public final class HostList implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Lists the hosts that files can come from.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options]
                  --release HOST   checks a host's account, and lets its held downloads go on
            """;

    private static final Definition DEFINITION =
            new Definition(
                    "hosts", SUMMARY, ARGUMENTS, "capstan hosts\ncapstan hosts --release fshare");

    private final Services services;

    HostList(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        call.arguments().noOperands();
        services.awaitPlugins();
        var hosts = services.hosts();
        for (var host : call.arguments().values("release")) {
            release(hosts, host);
        }
        var list = hosts.list();
        var columns =
                List.<Column<HostInfo>>of(
                        Column.left("HOST", HostInfo::id),
                        Column.<HostInfo>left("STATE", HostList::state).tinted(HostList::tint),
                        Column.right("ACTIVE", row -> Integer.toString(row.active())),
                        Column.left("BUNDLE", row -> row.bundle() + " " + row.version()),
                        Column.cut("LINKS", HostList::links));
        return Answer.of(new Listing<>(list, columns, list.isEmpty() ? "There are no hosts." : ""));
    }

    /** What is held for its account goes on only with an account that works. */
    private static void release(Hosts hosts, String id)
            throws CommandException, InterruptedException {
        var isHeld =
                hosts.list().stream()
                        .anyMatch(
                                host ->
                                        host.id().equals(id)
                                                && host.held() != null
                                                && host.account() != null);
        if (isHeld) {
            var account = Promises.await(hosts.checkAccount(id));
            if (!Accounts.works(account)) {
                throw new CommandException(
                        ExitCode.ACCOUNT,
                        "The downloads of "
                                + Text.clean(id)
                                + " stay held: its account does not work"
                                + (account.note() == null
                                        ? "."
                                        : ": " + Text.clean(account.note())));
            }
        }
        if (!hosts.release(id)) {
            throw CommandException.failed("There is no host \"" + Text.clean(id) + "\".");
        }
    }

    /** How a host stands, in a few words; empty where all is well and nothing is to be said. */
    public static String account(HostInfo host) {
        var account = host.account();
        if (account == null) {
            return "";
        }
        return switch (account.state()) {
            case NOT_CONFIGURED -> "no account";
            case PREVIEWS_ONLY -> "previews";
            case UNKNOWN, OK -> account.name() == null ? "" : account.name();
            case INVALID -> "account refused";
            case LOCKED -> "account locked";
            case APP_REFUSED -> "application refused";
            case LIMIT -> "limit reached";
        };
    }

    private static String state(HostInfo host) {
        if (!host.present()) {
            return "gone";
        }
        if (host.held() != null) {
            return "held: " + host.held();
        }
        if (host.hanging() > 0) {
            return host.hanging() + (host.hanging() == 1 ? " call hangs" : " calls hang");
        }
        if (host.breakerOpenUntil() != null) {
            return "out of order for now";
        }
        var account = account(host);
        return account.isEmpty() ? "ready" : account;
    }

    private static Tint tint(HostInfo host) {
        if (!host.present() || host.held() != null || host.hanging() > 0) {
            return Tint.FAILED;
        }
        var account = host.account();
        var well = account == null || account.state() == Account.State.OK;
        return host.breakerOpenUntil() == null && well ? Tint.DONE : Tint.WAITING;
    }

    private static String links(HostInfo host) {
        return host.domains().isEmpty()
                ? String.join(", ", new TreeSet<>(host.schemes()))
                : String.join(", ", host.domains());
    }
}
