package dev.capstan.itest.stranger;

import static dev.capstan.itest.stranger.Reply.OK;

import dev.capstan.itest.stranger.Case.Verdict;
import java.io.IOException;
import java.util.List;

/** Where a body ends: RFC 9112, sections 6 and 7. */
final class FramingCases extends Table {
    private static final int SIZE = 200_000;
    private static final String CHUNKED = "Transfer-Encoding: chunked";

    FramingCases() {
        super(SIZE);
        lengths();
        closes();
        chunks();
        brokenChunks();
        codings();
    }

    private void lengths() {
        for (var value : List.of("%1$d", "000%1$d", "\t %1$d \t")) {
            arrives("Content-Length: " + value, call -> lengthAs(call, value));
        }
        for (var value : List.of("%1$d, %1$d", "%1$d,%1$d", "%1$d\r\nContent-Length: %1$d")) {
            either("Content-Length: " + value, call -> lengthAs(call, value));
        }
        for (var value :
                List.of(
                        "+%1$d",
                        "-1",
                        "",
                        "%1$d bytes",
                        "%1$d.0",
                        "0x30D40",
                        "%1$d;q=1",
                        "1 %1$d",
                        "%1$d, 1000",
                        "1000\r\nContent-Length: %1$d",
                        "18446744073709751616")) {
            fails("Content-Length: " + value, call -> lengthAs(call, value));
        }
        fails(
                "a length beyond all disks",
                call -> {
                    call.head(OK, "Content-Length: 9223372036854775807", "ETag: \"a\"");
                    call.bytes(call.content(), 0, SIZE);
                });
        arrives(
                "a forged answer behind the body",
                call -> {
                    call.send(call.right());
                    call.text("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                });
        arrives(
                "an endless stream behind the body",
                call -> {
                    call.send(call.right());
                    call.repeat("behind the end ".repeat(1000), 64_000_000);
                });
        arrives(
                "silence behind the body",
                call -> {
                    call.send(call.right().with("Connection", "close"));
                    call.stall();
                });
        add(Case.of(Verdict.ARRIVES, 0, "an empty file", call -> call.send(call.right())));
        add(Case.of(Verdict.ARRIVES, 1, "one byte", call -> call.send(call.right())));
    }

    private static void lengthAs(Call call, String value) throws IOException {
        call.head(OK, "Content-Length: " + value.formatted(SIZE));
        call.bytes(call.content(), 0, SIZE);
    }

    private void closes() {
        for (var version : List.of("HTTP/1.0", "HTTP/1.1")) {
            arrives(
                    version + ", the end of the connection is the end",
                    call -> untilClose(call, version + " 200 OK"));
        }
        fails(
                "no length, and a reset for an end",
                call -> {
                    untilClose(call, OK);
                    call.reset();
                });
        fails(
                "no length, and silence for an end",
                call -> {
                    untilClose(call, OK);
                    call.stall();
                });
        fails("a body cut every time, no ranges", call -> call.cut(call.whole(), SIZE - 1));
    }

    private static void untilClose(Call call, String... head) throws IOException {
        call.head(head);
        call.bytes(call.content(), 0, SIZE);
    }

    private void chunks() {
        arrives("chunks", call -> call.sendChunked(call.whole(), 5_000));
        arrives(
                "chunks of a byte",
                call -> {
                    call.head(OK, CHUNKED);
                    call.chunks(call.content(), 0, 1_000, 1);
                    call.chunks(call.content(), 1_000, SIZE, SIZE);
                    call.text("0\r\n\r\n");
                });
        for (var size : List.of("0000000000%x", "%X", "%x;name=\"a;\\\"b\"", "%x;a;b;c=d")) {
            arrives("chunk size " + size, call -> oneChunk(call, size, "\r\n", "0\r\n\r\n"));
        }
        arrives("a right Repr-Digest in the trailers", call -> digestBehind(call, call.content()));
        either("a wrong Repr-Digest in the trailers", call -> digestBehind(call, call.other()));
        arrives(
                "trailers that contradict the head",
                call ->
                        oneChunk(
                                call,
                                "%x",
                                "\r\n",
                                "0\r\nContent-Length: 5\r\nContent-Range: bytes 0-4/5\r\n"
                                        + "ETag: \"x\"\r\nTransfer-Encoding: gzip\r\n\r\n"));
        add(
                Case.of(
                        Verdict.ARRIVES,
                        0,
                        "an empty file in chunks",
                        call -> call.sendChunked(call.whole(), 1)));
    }

    private static void digestBehind(Call call, Content version) throws IOException {
        oneChunk(call, "%x", "\r\n", "0\r\nRepr-Digest: " + version.field() + "\r\n\r\n");
    }

    private void brokenChunks() {
        for (var size : List.of("0x%x", "+%x", " %x", "%x ", "%x\t;a")) {
            either("chunk size " + size, call -> oneChunk(call, size, "\r\n", "0\r\n\r\n"));
        }
        for (var size : List.of("", "-%x", "x%x", "100000000000%05x", "%x%%")) {
            fails("chunk size " + size, call -> oneChunk(call, size, "\r\n", "0\r\n\r\n"));
        }
        fails("no last chunk", call -> oneChunk(call, "%x", "\r\n", ""));
        fails("no line end behind a chunk", call -> oneChunk(call, "%x", "", "0\r\n\r\n"));
        fails("more than the chunk's size", call -> oneChunk(call, "%x", "X\r\n", "0\r\n\r\n"));
        either("half of the last chunk", call -> oneChunk(call, "%x", "\r\n", "0\r\n"));
        either("chunks with bare line feeds", call -> oneChunk(call, "%x", "\n", "0\n\n"));
        fails(
                "a chunk cut short",
                call -> {
                    call.head(OK, CHUNKED, "ETag: \"a\"");
                    call.text("%x\r\n".formatted(SIZE));
                    call.bytes(call.content(), 0, SIZE - 1);
                });
        fails(
                "an endless chunk extension",
                call -> {
                    call.head(OK, CHUNKED);
                    call.text("10;a=");
                    call.repeat("b".repeat(10_000), 64_000_000);
                });
        either(
                "endless trailers",
                call -> {
                    oneChunk(call, "%x", "\r\n", "0\r\n");
                    call.repeat("X-More: and more\r\n".repeat(1_000), 64_000_000);
                });
        either(
                "endless empty chunk extensions of tiny chunks",
                call -> {
                    oneChunk(call, "%x", "\r\n", "");
                    call.text("0;" + "a;".repeat(3_000) + "\r\n\r\n");
                });
    }

    private static void oneChunk(Call call, String size, String behind, String end)
            throws IOException {
        call.head(OK, CHUNKED);
        call.text(size.formatted(SIZE) + (behind.equals("\n") ? "\n" : "\r\n"));
        call.bytes(call.content(), 0, SIZE);
        call.text(behind + end);
    }

    private void codings() {
        for (var length : List.of("10", "900000")) {
            either(
                    "chunks, and Content-Length: " + length,
                    call -> inChunks(call, OK, CHUNKED, "Content-Length: " + length));
        }
        either("chunks in HTTP/1.0", call -> inChunks(call, "HTTP/1.0 200 OK", CHUNKED));
        either("chunked, chunked", call -> inChunks(call, OK, CHUNKED + ", chunked"));
        either("Transfer-Encoding twice", call -> inChunks(call, OK, CHUNKED, CHUNKED));
        either("CHUNKED", call -> inChunks(call, OK, "TRANSFER-ENCODING: CHUNKED"));
        either(
                "identity for a transfer coding",
                call -> call.send(call.whole().with("Transfer-Encoding", "identity")));
        for (var coding : List.of("gzip", "x-cow")) {
            either(
                    "transfer coding " + coding + ", nobody asked for it",
                    call -> zipped(call, "Transfer-Encoding: " + coding));
        }
        for (var coding : List.of("gzip", "x-gzip", "GZIP", "identity, gzip")) {
            either(
                    "content coding " + coding + ", nobody asked for it",
                    call -> zipped(call, "Content-Encoding: " + coding));
        }
        arrives(
                "content coding identity",
                call -> call.send(call.right().with("Content-Encoding", "identity")));
        for (var coding : List.of("", "none", "utf-8", "binary", "aws-chunked")) {
            either(
                    "content coding '" + coding + "', which is none",
                    call -> call.send(call.right().with("Content-Encoding", coding)));
        }
    }

    private static void inChunks(Call call, String... head) throws IOException {
        call.head(head);
        call.chunks(call.content(), 0, SIZE, 50_000);
        call.text("0\r\n\r\n");
    }

    private static void zipped(Call call, String field) throws IOException {
        var bytes = Zip.of(call.content(), 0, SIZE);
        var coded = field.startsWith("Content");
        call.head(OK, field, coded ? "Content-Length: " + bytes.length : "Connection: close");
        call.bytes(bytes);
    }
}
