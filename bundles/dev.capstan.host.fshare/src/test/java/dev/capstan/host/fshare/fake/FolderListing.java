package dev.capstan.host.fshare.fake;

import dev.capstan.tck.Reply;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;

/** Good answers of the listing that needs no account: JSON to who asks for it, XML to others. */
final class FolderListing {
    private static final int PAGE = 50;

    private final Shares shares;
    private volatile int mostOnPage = PAGE;

    FolderListing(Shares shares) {
        this.shares = shares;
    }

    void mostOnPage(int entries) {
        mostOnPage = entries;
    }

    Reply answer(Call call) {
        var code = call.code().orElse("");
        var file = shares.findFile(code).orElse(null);
        var folder = shares.findFolder(code).orElse(null);
        if (folder != null && !folder.isGone()) {
            var size = Math.max(1, Math.min(number(call, "per-page", PAGE), mostOnPage));
            var page = Math.max(1, number(call, "page", 1));
            var pages = Math.max(1, (folder.size() + size - 1) / size);
            return reply(call, folder, folder.page(page - 1, size), page, pages, size);
        }
        if (file != null && !file.isGone() && !file.isDeleted()) {
            return reply(call, file, List.of(), 1, 1, PAGE);
        }
        return Reply.html(404, "Not Found");
    }

    private Reply reply(Call call, Item current, List<Item> items, int page, int pages, int size) {
        if (call.header("accept").filter(accepted -> accepted.contains("/json")).isEmpty()) {
            return Reply.of(
                    200,
                    "application/xml; charset=UTF-8",
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><current><linkcode>"
                            + current.code()
                            + "</linkcode></current><items/></response>");
        }
        var entries = Json.createArrayBuilder();
        for (var item : items) {
            entries.add(shares.describe(item, Endpoint.LISTING));
        }
        return Reply.json(
                Json.createObjectBuilder()
                        .add("current", shares.describe(current, Endpoint.LISTING))
                        .add("items", entries)
                        .add("_links", links(current.code(), page, pages, size))
                        .build());
    }

    private static JsonObject links(String code, int page, int pages, int size) {
        var links = Json.createObjectBuilder().add("self", link(code, page, size));
        if (page < pages) {
            links.add("next", link(code, page + 1, size));
        }
        return links.add("last", link(code, pages, size)).build();
    }

    private static String link(String code, int page, int size) {
        return "/v3/files/folder?linkcode=%s&sort=type%%2Cname&page=%d&per-page=%d"
                .formatted(code, page, size);
    }

    private static int number(Call call, String name, int otherwise) {
        try {
            return Integer.parseInt(call.query().getOrDefault(name, "" + otherwise));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
