package dev.capstan.download.provider;

import dev.capstan.download.spi.DownloadStore;
import dev.capstan.download.spi.StoreException;
import dev.capstan.health.HealthCheck.Finding;
import dev.capstan.host.Account;
import java.util.ArrayList;
import java.util.List;

/** What an operator should know of the queue: notices of the store, hosts that need a hand. */
record Health(DownloadStore store, HostRegistry hosts, HostAccounts accounts, DiskWatch disk) {

    List<Finding> check() {
        var findings = new ArrayList<Finding>();
        notices().forEach(notice -> findings.add(Finding.warning(notice, "Read the log.")));
        if (disk.isFull()) {
            findings.add(
                    Finding.failed(
                            "The volume of the data folder is full; the queue waits.",
                            "Free some space; it goes on by itself."));
        }
        hosts.stream().forEach(host -> look(host, findings));
        if (findings.isEmpty()) {
            findings.add(Finding.ok("The queue works."));
        }
        return findings;
    }

    private List<String> notices() {
        try {
            return store.notices();
        } catch (StoreException e) {
            return List.of("The store does not answer: " + e.getMessage());
        }
    }

    private void look(Host host, List<Finding> findings) {
        var account = host.service().isEmpty() ? null : accounts.of(host);
        var held = host.held();
        if (held == null && account != null && needsHand(account)) {
            findings.add(
                    Finding.warning(
                            "The account of host "
                                    + host.id()
                                    + " does not work: "
                                    + (account.note() == null ? account.state() : account.note()),
                            "Mend it with \"capstan accounts set "
                                    + host.id()
                                    + "\", or check it again."));
        }
        if (held != null) {
            findings.add(
                    Finding.warning(
                            "The downloads of host " + host.id() + " are held: " + held,
                            "Mend its account with \"capstan accounts set "
                                    + host.id()
                                    + "\", or check it again."));
        }
        var hanging = host.hanging() + accounts.hanging(host);
        if (hanging > 0) {
            findings.add(
                    Finding.warning(
                            hanging
                                    + (hanging == 1 ? " call" : " calls")
                                    + " of host "
                                    + host.id()
                                    + " cannot be stopped.",
                            "Restart or update its bundle "
                                    + host.claims().bundle()
                                    + "; what runs on ends with this process."));
        }
    }

    private static boolean needsHand(Account account) {
        return switch (account.state()) {
            case INVALID, LOCKED, APP_REFUSED -> true;
            case NOT_CONFIGURED, PREVIEWS_ONLY, UNKNOWN, OK, LIMIT -> false;
        };
    }
}
