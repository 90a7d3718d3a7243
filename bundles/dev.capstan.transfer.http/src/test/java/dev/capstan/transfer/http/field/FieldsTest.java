package dev.capstan.transfer.http.field;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.transfer.http.field.Validators.Match;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    // ---- Content-Range

    @Property
    void everyWellFormedRangeIsRead(
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 4) long from,
            @ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 4) long length,
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 4) long rest) {
        var to = from + length;
        var total = to + rest;

        assertThat(ContentRange.parse("bytes " + from + "-" + (to - 1) + "/" + total))
                .isEqualTo(new ContentRange(from, to, total));
        assertThat(ContentRange.parse("Bytes  " + from + "-" + (to - 1) + "/*"))
                .isEqualTo(new ContentRange(from, to, -1));
        assertThat(ContentRange.parse("bytes */" + total))
                .isEqualTo(new ContentRange(-1, -1, total));
    }

    @Property
    void noTextMakesReadersThrow(@ForAll String text) {
        ContentRange.parse(text);
        ContentRange.parse("bytes " + text);
        HttpDate.parse(text);
        RetryAfter.parse(text, NOW);
        Disposition.fileName(text);
        Disposition.fileName("attachment; filename*=UTF-8''" + text);
        Disposition.fileName("attachment; filename=\"" + text);
        DigestFields.parse(Map.of("repr-digest", List.of(text, "sha-256=" + text)), true);
        Validators.of(new Head(200, false, Map.of("etag", List.of(text), "date", List.of(text))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes 0-9",
                "bytes x-y/z",
                "bytes 5-4/10",
                "bytes 0-10/10",
                "items 0-9/10",
                "bytes -1-9/10",
                "bytes +0-9/10",
                "bytes 0-9/10, 20-29/30",
                "bytes 0-9223372036854775807/*",
                "bytes 0-99999999999999999999/*",
                "bytes */*",
                "bytes=0-9/10"
            })
    void rangesThatContradictThemselvesAreNone(String value) {
        assertThat(ContentRange.parse(value)).isNull();
    }

    // ---- dates and waits

    @Property
    void writtenDatesAreReadBack(@ForAll @LongRange(min = 0, max = 253402300799L) long second) {
        var instant = Instant.ofEpochSecond(second);

        assertThat(HttpDate.parse(HttpDate.format(instant))).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "sun, 6 nov 1994 08:49:37 gmt"
            })
    void datesAreReadInAllForms(String value) {
        assertThat(HttpDate.parse(value)).isEqualTo(Instant.parse("1994-11-06T08:49:37Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "yesterday", "Sun, 32 Nov 1994 08:49:37 GMT", "2025-01-01"})
    void rubbishIsNoDate(String value) {
        assertThat(HttpDate.parse(value)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "120, 120",
        "0, 0",
        "9999999999, 3600",
        "'Sun, 01 Jun 2025 12:00:30 GMT', 30",
        "'Sun, 01 Jun 2025 11:00:00 GMT', 0",
        "'Sun, 01 Jun 2035 11:00:00 GMT', 3600"
    })
    void waitsAreReadInBothFormsAndBounded(String value, long seconds) {
        assertThat(RetryAfter.parse(value, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-5", "1.5", "soon", "99999999999999999999", "0x10"})
    void rubbishIsNoWait(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isNull();
    }

    // ---- names

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "attachment; filename=\"a b.mkv\" | a b.mkv",
                "attachment; filename=plain.txt | plain.txt",
                "attachment; filename=\"quo\\\"te.txt\" | quo\"te.txt",
                "attachment; FileName = \"x.bin\" ; size=3 | x.bin",
                "filename=\"x;y.bin\" | x;y.bin",
                "attachment; filename=\"../../etc/passwd\" | passwd",
                "attachment; filename=\"C:\\\\temp\\\\evil.exe\" | evil.exe",
                "attachment; filename=\"a.txt\"; filename*=UTF-8''%e2%82%ac%20rates | € rates",
                "attachment; filename*=utf-8'en'%c3%a9.mp3 | é.mp3",
                "attachment; filename*=ISO-8859-1''%e9.mp3 | é.mp3",
                "attachment; filename=\"Ã©.mp3\" | é.mp3",
                "attachment; filename*=UTF-8''%ff%fe; filename=\"b.txt\" | b.txt",
                "attachment; filename*=UTF-8''%2; filename=\"b.txt\" | b.txt",
                "attachment; filename*=nonsense''x; filename=b.txt | b.txt",
                "attachment; filename*=UTF-8''..%2f..%2fx.txt | x.txt",
            })
    void namesAreRead(String value, String name) {
        assertThat(Disposition.fileName(value)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inline",
                "attachment",
                "attachment; filename=\"\"",
                "attachment; filename=a/"
            })
    void whatNamesNothingIsNoName(String value) {
        assertThat(Disposition.fileName(value)).isNull();
    }

    // ---- digests

    @Test
    void digestsOfTheContentCountForTheWholeOnly() {
        var md5 = "XrY7u+Ae7tCTyyK7j1rNww==";
        var fields =
                Map.of("content-md5", List.of(md5), "content-digest", List.of("md5=:" + md5 + ":"));

        assertThat(DigestFields.parse(fields, true))
                .containsExactly(new Digest("md5", "5eb63bbbe01eeed093cb22bb8f5acdc3"));
        assertThat(DigestFields.parse(fields, false)).isEmpty();
    }

    @Test
    void digestsOfServicesAreRead() {
        var fields =
                Map.of(
                        "x-checksum-sha1", List.of("2AAE6C35C94FCFB415DBE95F408B9CE91EE846ED"),
                        "x-amz-checksum-sha256",
                                List.of("uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="),
                        "digest", List.of("sha=Kq5sNclPz7QV2+lfQIuc6R7oRu0=,unixsum=30637"),
                        "repr-digest", List.of("crc32c=:AAAA:, sha-256=:short=:"));

        assertThat(DigestFields.parse(fields, false))
                .containsExactlyInAnyOrder(
                        new Digest("sha", "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed"),
                        Digest.sha256(
                                "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"));
    }

    @Test
    void aDigestOfAMultipartObjectIsNone() {
        var fields =
                Map.of(
                        "x-amz-checksum-sha256",
                        List.of("uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=-3"));

        assertThat(DigestFields.parse(fields, true)).isEmpty();
    }

    // ---- validators

    @ParameterizedTest
    @CsvSource({
        "'\"a\"', '\"a\"', SAME",
        "'\"a\"', '\"b\"', DIFFERENT",
        "'\"a\"', 'W/\"a\"', UNPROVEN",
        "'W/\"a\"', 'W/\"a\"', UNPROVEN",
        "'W/\"a\"', 'W/\"b\"', DIFFERENT",
        "'\"a\"', , UNPROVEN",
        ", '\"a\"', UNPROVEN"
    })
    void tagsAreComparedStrongly(String known, String seen, Match match) {
        assertThat(Validators.compare(tag(known), tag(seen))).isEqualTo(match);
    }

    @Test
    void aDateIsStrongAMinuteAfterTheChange() {
        var head = dated("Sun, 01 Jun 2025 11:59:00 GMT");

        assertThat(Validators.of(head).lastModifiedIsStrong()).isTrue();
        assertThat(Validators.ifRange(Validators.of(head)))
                .isEqualTo("Sun, 01 Jun 2025 11:59:00 GMT");
        assertThat(Validators.ifRange(Validators.of(dated("Sun, 01 Jun 2025 11:59:01 GMT"))))
                .isNull();
    }

    @Test
    void aWeakTagIsNeverACondition() {
        assertThat(Validators.ifRange(tag("W/\"a\""))).isNull();
        assertThat(Validators.ifRange(tag("\"a\""))).isEqualTo("\"a\"");
        assertThat(Validators.of(head("etag", "unquoted")).etag()).isNull();
    }

    private static Validator tag(String tag) {
        return new Validator(tag, null, false, null);
    }

    private static Head head(String name, String value) {
        return new Head(200, false, Map.of(name, List.of(value)));
    }

    private static Head dated(String modified) {
        return new Head(
                200,
                false,
                Map.of(
                        "last-modified",
                        List.of(modified),
                        "date",
                        List.of("Sun, 01 Jun 2025 12:00:00 GMT")));
    }
}
