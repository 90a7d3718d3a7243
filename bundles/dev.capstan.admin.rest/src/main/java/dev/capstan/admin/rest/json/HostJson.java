package dev.capstan.admin.rest.json;

import dev.capstan.host.Account;
import dev.capstan.host.AccountField;
import dev.capstan.host.HostInfo;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Hosts and their accounts; never a secret, since what they are made of has none. */
public final class HostJson {

    private HostJson() {}

    /**
     * A host.
     *
     * @param accountFields what its account is made of
     */
    public static JsonObject of(HostInfo host, List<AccountField> accountFields) {
        var account = host.account();
        return new Fields()
                .put("id", host.id())
                .put("bundle", host.bundle())
                .put("version", host.version())
                .put("schemes", Fields.texts(new TreeSet<>(host.schemes())))
                .put("domains", Fields.texts(host.domains()))
                .put("present", host.present())
                .put("active", host.active())
                .put("held", host.held())
                .put("outOfOrderUntil", host.breakerOpenUntil())
                .put("account", account == null ? JsonValue.NULL : account(account, accountFields))
                .object();
    }

    /** An account. */
    public static JsonObject account(Account account, List<AccountField> accountFields) {
        var fields =
                new Fields()
                        .put("state", account.state())
                        .put("name", account.name())
                        .put("type", account.type())
                        .put("expires", account.validUntil());
        if (account.trafficLeft() >= 0) {
            fields.put("trafficLeft", account.trafficLeft());
        }
        var details = new Fields();
        account.details().forEach(details::put);
        return fields.put("message", account.note())
                .put("details", details)
                .put("fields", Fields.list(accountFields.stream().map(HostJson::field).toList()))
                .object();
    }

    private static JsonObject field(AccountField field) {
        return new Fields()
                .put("name", field.name())
                .put("label", label(field.name()))
                .put("secret", field.secret())
                .object();
    }

    /** {@code appKey} as people read it: "App key". */
    private static String label(String name) {
        var words = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").replaceAll("[._-]+", " ");
        return words.isEmpty()
                ? name
                : Character.toUpperCase(words.charAt(0))
                        + words.substring(1).toLowerCase(Locale.ROOT);
    }
}
