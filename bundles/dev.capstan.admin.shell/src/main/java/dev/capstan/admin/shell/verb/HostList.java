package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Style.Tint;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.host.Account;
import dev.capstan.host.HostInfo;
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
                  --release HOST   lets a host's held downloads go on, once its account is mended
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
            if (!hosts.release(host)) {
                throw CommandException.failed("There is no host \"" + Text.clean(host) + "\".");
            }
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
        if (host.breakerOpenUntil() != null) {
            return "out of order for now";
        }
        var account = account(host);
        return account.isEmpty() ? "ready" : account;
    }

    private static Tint tint(HostInfo host) {
        if (!host.present() || host.held() != null) {
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
