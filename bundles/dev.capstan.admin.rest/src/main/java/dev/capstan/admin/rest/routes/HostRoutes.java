package dev.capstan.admin.rest.routes;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.admin.rest.json.HostJson;
import dev.capstan.host.Account;
import dev.capstan.host.Account.State;
import dev.capstan.host.AccountField;
import dev.capstan.host.HostInfo;
import dev.capstan.host.Hosts;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;

/** Hosts and the accounts behind them, whose secrets go in and never come out (S7). */
@Component
public final class HostRoutes implements Routes {
    /** As long as a service may take to say how an account is. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final Set<State> REFUSED =
            Set.of(State.INVALID, State.LOCKED, State.APP_REFUSED, State.LIMIT);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Hosts hosts;

    @Override
    public void addTo(Router router) {
        router.add("GET", "/hosts", Scope.READ, this::list)
                .add("GET", "/hosts/{id}", Scope.READ, this::get)
                .add("POST", "/hosts/{id}/release", this::release)
                .add("GET", "/hosts/{id}/account", Scope.READ, this::account)
                .add("PUT", "/hosts/{id}/account", this::set)
                .add("DELETE", "/hosts/{id}/account", this::remove)
                .add("POST", "/hosts/{id}/account/check", this::check);
    }

    private Reply list(Call call) throws ProblemException {
        call.query();
        var present = hosts();
        var items = present.list().stream().map(host -> json(host, present)).toList();
        return Reply.json(200, new Fields().put("items", Fields.list(items)).object());
    }

    private Reply get(Call call) throws ProblemException {
        return Reply.json(200, json(host(call), hosts()));
    }

    /** Lets what is held go on, after somebody mended what was wrong. */
    private Reply release(Call call) throws ProblemException, IOException {
        call.body();
        var id = host(call).id();
        hosts().release(id);
        return get(call);
    }

    private Reply account(Call call) throws ProblemException {
        var host = host(call);
        var account = host.account();
        if (account == null) {
            throw ProblemException.notFound("This host has no account.");
        }
        return reply(account, fields(host));
    }

    private Answer set(Call call) throws ProblemException, IOException {
        var host = host(call);
        var fields = fields(host);
        if (fields.isEmpty()) {
            throw ProblemException.notFound("This host has no account that can be set.");
        }
        var body = call.body(fields.stream().map(AccountField::name).toArray(String[]::new));
        var values = new LinkedHashMap<String, String>();
        for (var field : fields) {
            body.text(field.name()).ifPresent(value -> values.put(field.name(), value));
        }
        if (values.isEmpty()) {
            throw ProblemException.malformed("No value was given, so nothing was changed.");
        }
        return later(hosts().setAccount(host.id(), values), account -> reply(account, fields));
    }

    private Answer remove(Call call) throws ProblemException {
        return later(hosts().removeAccount(host(call).id()), account -> Reply.empty(204));
    }

    private Answer check(Call call) throws ProblemException, IOException {
        call.body();
        var host = host(call);
        var fields = fields(host);
        var present = hosts();
        var checking = present.checkAccount(host.id());
        var checked =
                checking.recoverWith(
                        failed ->
                                refused(present, host.id())
                                        .map(Promises::resolved)
                                        .orElse(checking));
        return later(checked, account -> reply(account, fields));
    }

    /** An account that the service refuses has been checked all the same. */
    private static Optional<Account> refused(Hosts hosts, String id) {
        return hosts.list().stream()
                .filter(host -> host.id().equals(id))
                .flatMap(host -> Stream.ofNullable(host.account()))
                .filter(account -> REFUSED.contains(account.state()))
                .findFirst();
    }

    private HostInfo host(Call call) throws ProblemException {
        var id = call.named("id");
        return hosts().list().stream()
                .filter(host -> host.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("There is no host of this name."));
    }

    private List<AccountField> fields(HostInfo host) throws ProblemException {
        return hosts().accountFields(host.id());
    }

    private static JsonObject json(HostInfo host, Hosts hosts) {
        return HostJson.of(host, hosts.accountFields(host.id()));
    }

    private static Reply reply(Account account, List<AccountField> fields) {
        return Reply.json(200, HostJson.account(account, fields));
    }

    private static Answer later(Promise<Account> promise, Answer.Made<Account> made) {
        return Answer.later(Failures.told(promise, PATIENCE), made);
    }

    private Hosts hosts() throws ProblemException {
        return ProblemException.present(hosts, "the download queue");
    }
}
