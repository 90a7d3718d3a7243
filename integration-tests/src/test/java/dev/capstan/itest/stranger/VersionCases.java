package dev.capstan.itest.stranger;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Files that change while they are fetched, and validators that tell so badly: RFC 9110, sections
 * 8.8, 13 and 15.3.7.3. Parts of answers may be put together only under one strong validator.
 */
final class VersionCases extends Table {
    private static final int SIZE = 1_200_000;
    private static final String OLD = "Thu, 01 Jan 2026 00:00:00 GMT";
    private static final String LATER = "Fri, 02 Jan 2026 00:00:00 GMT";
    private static final UnaryOperator<Reply> BARE = it -> it.without("ETag", "Last-Modified");

    VersionCases() {
        super(SIZE);
        strongTags();
        weakValidators();
        sameFile();
        digests();
    }

    private void strongTags() {
        either("another version, told", RangeCases.firstThen(it -> it.send(it.right(it.other()))));
        either(
                "another version, If-Range ignored",
                RangeCases.firstThen(call -> call.send(ignoringIfRange(call, call.other()))));
        either(
                "another version, and its parts have no ETag",
                RangeCases.firstThen(
                        call -> call.send(ignoringIfRange(call, call.other()).without("ETag"))));
        either(
                "another version, and its parts have no validator",
                RangeCases.firstThen(
                        call -> call.send(BARE.apply(ignoringIfRange(call, call.other())))));
        either(
                "another version behind the same date",
                RangeCases.firstThen(
                        call ->
                                call.send(
                                        ignoringIfRange(call, call.other())
                                                .with("Last-Modified", OLD))));
        changing("tags that differ by letter case", "\"abc\"", "\"ABC\"");
        changing("tags that differ by being weak", "\"abc\"", "W/\"abc\"");
        changing("tags that differ by a suffix", "\"abc\"", "\"abc-gzip\"");
        changing("tags that differ by spaces inside", "\"a c\"", "\"a  c\"");
        changing("tags that differ behind a quote", "\"a\"b\"", "\"a\"c\"");
        changing("tags without quotes that differ", "abc", "abd");
        changing("two tags, one of them new", "\"abc\"", "\"abc\"\r\nETag: \"abd\"");
        changing("a tag, and then an empty one", "\"abc\"", "");
    }

    /** The first answer has one tag, those after it have another and another version's bytes. */
    private void changing(String name, String first, String then) {
        either(
                name,
                call -> {
                    if (call.isFirst()) {
                        call.provoke(call.right().with("ETag", first));
                    } else {
                        call.send(ignoringIfRange(call, call.other()).with("ETag", then));
                    }
                });
    }

    private void weakValidators() {
        alternating("no validator, each answer another version", BARE);
        for (var tag : List.of("W/\"same\"", "w/\"same\"", "same", "W/same", "\"same", "")) {
            alternating(
                    "ETag: " + tag + " for two versions",
                    it -> it.without("Last-Modified").with("ETag", tag));
        }
        alternating(
                "Last-Modified without Date for two versions",
                it -> it.without("ETag").with("Last-Modified", OLD));
        alternating(
                "Last-Modified of this second for two versions",
                it -> it.without("ETag").with("Last-Modified", now()).with("Date", now()));
        alternating(
                "Last-Modified of tomorrow for two versions",
                it -> it.without("ETag").with("Last-Modified", LATER).with("Date", OLD));
        alternating(
                "Last-Modified that is no date for two versions",
                it -> it.without("ETag").with("Last-Modified", "today").with("Date", LATER));
        either(
                "dates that differ, each of another version",
                call -> {
                    var odd = call.number() % 2 == 1;
                    var version = odd ? call.content() : call.other();
                    var reply =
                            ignoringIfRange(call, version)
                                    .without("ETag")
                                    .with("Last-Modified", odd ? OLD : LATER)
                                    .with("Date", "Sat, 03 Jan 2026 00:00:00 GMT");
                    if (call.number() < 3) {
                        call.provoke(reply);
                    } else {
                        call.send(reply);
                    }
                });
        either(
                "a redirect to two mirrors without validators, each with another version",
                call -> {
                    var target = call.request().target();
                    if (target.equals("/file.bin")) {
                        call.head(
                                "HTTP/1.1 302 Found",
                                "Location: /mirror" + call.number() % 2,
                                "Content-Length: 0");
                        call.keep();
                        return;
                    }
                    var version = target.endsWith("1") ? call.content() : call.other();
                    var reply = BARE.apply(ignoringIfRange(call, version));
                    if (call.number() < 3) {
                        call.provoke(reply);
                    } else {
                        call.send(reply);
                    }
                });
    }

    /** Odd requests get one version, even ones the other, and no condition is minded. */
    private void alternating(String name, UnaryOperator<Reply> head) {
        either(
                name,
                call -> {
                    var version = call.number() % 2 == 1 ? call.content() : call.other();
                    var reply = head.apply(ignoringIfRange(call, version));
                    if (call.isFirst()) {
                        call.provoke(reply);
                    } else {
                        call.send(reply);
                    }
                });
    }

    /** The same bytes all the time, whatever the validators say. */
    private void sameFile() {
        either(
                "a new tag in each answer",
                call -> {
                    var reply = call.right(call.content(), "\"" + call.number() + "\"");
                    if (call.isFirst()) {
                        call.provoke(reply);
                    } else {
                        call.send(reply);
                    }
                });
        either(
                "one tag, and a new date in each answer",
                call -> {
                    var date = "Thu, 01 Jan 2026 00:00:%02d GMT".formatted(call.number() % 60);
                    var reply = call.right().with("Last-Modified", date);
                    if (call.isFirst()) {
                        call.provoke(reply);
                    } else {
                        call.send(reply);
                    }
                });
        arrives(
                "no validator at all, and a break",
                RangeCases.firstThen(call -> call.send(BARE.apply(call.whole()))));
        arrives(
                "parts as asked for, whose only validator is a weak tag",
                call -> {
                    var reply = call.right(call.content(), "W/\"a\"").without("Last-Modified");
                    if (call.isFirst()) {
                        call.provoke(reply);
                    } else {
                        call.send(reply);
                    }
                });
    }

    private void digests() {
        UnaryOperator<Reply> digested = it -> it.with("Repr-Digest", it.content().field());
        arrives("a right Repr-Digest", digested(digested));
        arrives("parts with Content-Digest and Repr-Digest, both right", partDigests(digested));
        for (var value :
                List.of(
                        "cow=:AAAA:",
                        "sha-256",
                        "sha-256=AAAA",
                        "sha-256=:%%%:",
                        "sha-256=\"e3b0\"",
                        "=:",
                        "sha-256=:AAAA:;q=1, ,")) {
            either("Repr-Digest: " + value, digested(it -> it.with("Repr-Digest", value)));
        }
        var empty = Content.of(0, 0).field();
        for (var name : List.of("Repr-Digest", "Content-Digest", "Digest")) {
            either("a wrong " + name, digested(it -> it.with(name, empty)));
        }
        either(
                "a wrong Content-MD5",
                digested(it -> it.with("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==")));
        either(
                "parts of other bytes than Repr-Digest says",
                call -> {
                    var reply = call.right().with("Repr-Digest", call.content().field());
                    if (call.isFirst()) {
                        call.provoke(reply);
                    } else {
                        call.send(reply.isPartial() ? reply.of(call.other()) : reply);
                    }
                });
    }

    private static Behaviour digested(UnaryOperator<Reply> head) {
        return call -> {
            var reply = head.apply(call.right());
            if (call.isFirst()) {
                call.provoke(reply);
            } else {
                call.send(reply);
            }
        };
    }

    private static Behaviour partDigests(UnaryOperator<Reply> head) {
        return digested(
                it -> {
                    var version = it.content();
                    var part =
                            new Content(
                                    version.offset() + (int) it.from(),
                                    (int) (it.to() - it.from()));
                    return head.apply(it).with("Content-Digest", part.field());
                });
    }

    static Reply ignoringIfRange(Call call, Content version) {
        var request = call.request();
        var fields =
                request.fields().stream()
                        .filter(field -> !field.toLowerCase().startsWith("if-range:"))
                        .toList();
        return Reply.to(
                new Request(request.line(), fields), version, "\"" + version.offset() + "\"");
    }

    private static String now() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }
}
