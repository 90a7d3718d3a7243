package dev.capstan.admin.rest.json;

import dev.capstan.download.Preview;
import jakarta.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Links before they are added. */
public final class PreviewJson {

    private PreviewJson() {}

    /** One answer for each link, in the order in which they were given. */
    public static JsonObject list(List<Preview> previews) {
        var items = previews.stream().map(PreviewJson::item).toList();
        return new Fields().put("items", Fields.list(items)).object();
    }

    private static JsonObject item(Preview preview) {
        var listing = preview.listing();
        var fields =
                new Fields()
                        .put("url", ShownLink.of(preview.link()))
                        .put("host", preview.host())
                        .put("kind", listing == null ? "file" : "listing")
                        .put("name", preview.name())
                        .put("size", known(preview.size()))
                        .put("existing", preview.existing());
        if (listing != null) {
            fields.put(
                            "files",
                            Fields.list(listing.files().stream().map(PreviewJson::file).toList()))
                    .put("total", listing.total())
                    .put("whole", listing.isWhole());
        }
        return fields.put("error", error(preview.problem())).object();
    }

    private static JsonObject file(Preview.File file) {
        return new Fields()
                .put("url", ShownLink.of(file.link()))
                .put("name", file.name())
                .put("size", known(file.size()))
                .put("folder", file.folder())
                .put("existing", file.existing())
                .object();
    }

    private static @Nullable Long known(long size) {
        return size < 0 ? null : size;
    }

    private static @Nullable Fields error(Preview.@Nullable Problem problem) {
        return problem == null
                ? null
                : new Fields().put("code", problem.code()).put("detail", problem.message());
    }
}
