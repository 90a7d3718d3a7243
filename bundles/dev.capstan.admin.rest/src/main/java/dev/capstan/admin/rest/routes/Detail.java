package dev.capstan.admin.rest.routes;

import dev.capstan.admin.rest.json.DownloadJson;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.download.Arrival;
import dev.capstan.download.Download;
import dev.capstan.download.Downloads;
import dev.capstan.download.Segment;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A download with the parts that are here and those that arrive. */
final class Detail {
    private static final int MOST_RANGES = 512;

    private Detail() {}

    static JsonObject of(Download download, Downloads queue) {
        var arrival = queue.arrival(download.id());
        var segments = queue.segments(download.id()).stream().map(Detail::segment).toList();
        return DownloadJson.fields(download)
                .put("ranges", ranges(arrival.present()))
                .put("segments", Fields.list(segments))
                .put("demands", ranges(arrival.demanded()))
                .object();
    }

    private static JsonArray ranges(List<Arrival.Part> parts) {
        return Fields.list(
                merged(parts).stream().map(part -> Fields.pair(part.from(), part.to())).toList());
    }

    /** No more than a picture shows: the narrowest gaps are left out. */
    private static List<Arrival.Part> merged(List<Arrival.Part> parts) {
        if (parts.size() <= MOST_RANGES) {
            return parts;
        }
        var gaps = new ArrayList<Long>();
        for (int i = 1; i < parts.size(); i++) {
            gaps.add(parts.get(i).from() - parts.get(i - 1).to());
        }
        gaps.sort(Comparator.reverseOrder());
        var narrow = gaps.get(MOST_RANGES - 1);
        var merged = new ArrayList<Arrival.Part>();
        for (var part : parts) {
            var last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && part.from() - last.to() <= narrow) {
                merged.set(merged.size() - 1, new Arrival.Part(last.from(), part.to()));
            } else {
                merged.add(part);
            }
        }
        return merged;
    }

    private static JsonObject segment(Segment segment) {
        var fields = new Fields().put("from", segment.from()).put("position", segment.position());
        if (segment.to() >= 0) {
            fields.put("to", segment.to());
        }
        return fields.put("speed", segment.bytesPerSecond()).object();
    }
}
