package dev.capstan.host.fshare.fake;

import dev.capstan.tck.Reply;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/** Good answers of the account API. Safe for any thread. */
final class AccountApi {
    private static final int LEAST_PAGE = 60;
    private static final int MOST_PAGE = 100;

    private final FakeAccount account;
    private final Shares shares;
    private final Delivery delivery;

    AccountApi(FakeAccount account, Shares shares, Delivery delivery) {
        this.account = account;
        this.shares = shares;
        this.delivery = delivery;
    }

    /** Answers a call of the right method whose session was admitted. */
    Reply answer(Call call) {
        if (call.method().equals("POST") && call.json().isEmpty()) {
            return Answer.refused(400, "The body is not a JSON object");
        }
        return switch (call.endpoint()) {
            case LOGIN -> account.logIn(call);
            case USER -> Reply.json(account.describe());
            case LOGOUT -> {
                account.logOut(call);
                yield Reply.json(
                        Json.createObjectBuilder()
                                .add("code", 200)
                                .add("msg", "Logout successfully!")
                                .build());
            }
            case DOWNLOAD -> download(call);
            case FILE_INFO -> describe(call);
            case FOLDER_LIST -> list(call);
            default -> Reply.html(404, "Not Found");
        };
    }

    private Reply download(Call call) {
        var file = call.code().flatMap(shares::findFile).orElse(null);
        if (file == null || file.isGone() || file.isDeleted()) {
            return Answer.refused(404, "File not found");
        }
        if (number(call.json(), "zipflag") != 0) {
            return Answer.refused(400, "zipflag is missing");
        }
        if (!account.isVip()) {
            return Answer.refused(403, "This needs a VIP account");
        }
        var password = file.password();
        if (password.isPresent() && !call.text("password").equals(password)) {
            return Reply.of(
                    200,
                    "application/json; charset=UTF-8",
                    Answer.body(
                            123,
                            call.text("password").isEmpty()
                                    ? "This file needs a password"
                                    : "The password is wrong"));
        }
        return Reply.json(
                Json.createObjectBuilder()
                        .add("location", file.location().orElseGet(() -> delivery.link(file)))
                        .build());
    }

    private Reply describe(Call call) {
        var file = call.code().flatMap(shares::findFile).orElse(null);
        if (file == null || file.isGone()) {
            return Answer.refused(404, "File not found");
        }
        var password = file.password();
        return Reply.json(
                Json.createObjectBuilder()
                        .add("id", "1")
                        .add("linkcode", file.code())
                        .add("name", file.name())
                        .add("size", Long.toString(file.listedSize()))
                        .add("file_type", "1")
                        .add("deleted", file.isDeleted() ? "1" : "0")
                        .add(
                                "pwd",
                                password.isPresent()
                                        ? Json.createValue("protected")
                                        : JsonValue.NULL)
                        .build());
    }

    private Reply list(Call call) {
        var folder = call.code().flatMap(shares::findFolder).orElse(null);
        var index = number(call.json(), "pageIndex");
        var limit = number(call.json(), "limit");
        if (folder == null || folder.isGone()) {
            return Answer.refused(404, "Folder not found");
        }
        if (index < 0
                || limit < LEAST_PAGE
                || limit > MOST_PAGE
                || number(call.json(), "dirOnly") != 0) {
            return Answer.refused(400, "dirOnly, pageIndex or limit is wrong");
        }
        var page = folder.page(index, limit);
        if (page.isEmpty() && shares.isPastEndMissing() && index > 0) {
            return Answer.refused(404, "No more entries");
        }
        var entries = Json.createArrayBuilder();
        for (var item : page) {
            entries.add(shares.describe(item, Endpoint.FOLDER_LIST));
        }
        return Reply.json(entries.build());
    }

    private static int number(JsonObject body, String name) {
        return body.get(name) instanceof JsonNumber number ? number.intValue() : -1;
    }
}
