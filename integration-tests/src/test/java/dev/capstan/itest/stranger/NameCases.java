package dev.capstan.itest.stranger;

import java.util.List;

/**
 * Names that a server proposes or a link has: RFC 6266, sections 4.3 and 5, and RFC 8187. Each file
 * has to lie in its own folder, whatever its name.
 */
final class NameCases extends Table {
    private static final int SIZE = 2_000;

    NameCases() {
        super(SIZE);
        dispositions();
        paths();
    }

    private void dispositions() {
        for (var value :
                List.of(
                        "attachment; filename=\"../../evil\"",
                        "attachment; filename=\"../../../../../../../../tmp/evil\"",
                        "attachment; filename=\"/tmp/evil\"",
                        "attachment; filename=\"..\\..\\evil\"",
                        "attachment; filename=\"C:\\evil\"",
                        "attachment; filename=\"..\"",
                        "attachment; filename=\".\"",
                        "attachment; filename=\"\"",
                        "attachment; filename=\"   \"",
                        "attachment; filename=\"/\"",
                        "attachment; filename=\"a/\"",
                        "attachment; filename=\"CON\"",
                        "attachment; filename=\"nul.txt\"",
                        "attachment; filename=\"a:b*c?d<e>f|g\"",
                        "attachment; filename=\"trailing. . .\"",
                        "attachment; filename=\"-rf\"",
                        "attachment; filename=\"$(reboot)`reboot`\"",
                        "attachment; filename=\"~root\"",
                        "attachment; filename=\"quo\\\"te\"",
                        "attachment; filename=\"open",
                        "attachment; filename=bare name",
                        "attachment; filename=a; filename=b",
                        "attachment; filename*=UTF-8''%2e%2e%2f%2e%2e%2fevil",
                        "attachment; filename*=UTF-8''%2Ftmp%2Fevil",
                        "attachment; filename*=UTF-8''a%00b",
                        "attachment; filename*=UTF-8''a%0d%0ab",
                        "attachment; filename*=UTF-8''%e2%80%aetxt.exe",
                        "attachment; filename*=UTF-8''%e2%82%ac%20rates",
                        "attachment; filename*=UTF-8''%ff%fe%c0%af",
                        "attachment; filename*=UTF-8''%c0%ae%c0%ae%c0%afevil",
                        "attachment; filename*=UTF-8''100%",
                        "attachment; filename*=UTF-8''%zz",
                        "attachment; filename*=UTF-8",
                        "attachment; filename*=COW-9''a",
                        "attachment; filename*=ISO-8859-1''%e9t%e9",
                        "attachment; filename*=UTF-16''%00a",
                        "attachment; filename*0=\"../\"; filename*1=\"evil\"",
                        "attachment; filename=\"\u00c3\u00a9t\u00c3\u00a9\"",
                        "attachment; filename=\"\u00e9t\u00e9\"",
                        "attachment; filename=\"=?UTF-8?B?Li4vZXZpbA==?=\"",
                        "attachment; filename=\"a\tb\"",
                        "attachment; filename=\"a\u007fb\"",
                        "attachment; filename=\"a\u0001\u001bb\"",
                        "attachment;;;; filename=a;;",
                        "filename=\"../evil\"",
                        "; filename=../evil",
                        "\"attachment; filename=../evil\"",
                        "inline; FILENAME=\"../evil\"",
                        "form-data; name=\"f\"; filename=\"../evil\"",
                        "attachment; filename=a\r\nContent-Disposition: attachment; filename=../b")) {
            arrives(
                    "Content-Disposition: " + value,
                    call -> call.send(call.right().with("Content-Disposition", value)));
        }
        for (var count : List.of(255, 800)) {
            for (var letter : List.of("a", "%e2%82%ac", "%f0%9f%90%84")) {
                arrives(
                        "a name of " + count + " times " + letter,
                        call ->
                                call.send(
                                        call.right()
                                                .with(
                                                        "Content-Disposition",
                                                        "attachment; filename*=UTF-8''"
                                                                + letter.repeat(
                                                                        count < 5_000 ? count : 800)
                                                                + ".tar.gz")));
            }
        }
    }

    private void paths() {
        for (var path :
                List.of(
                        "/",
                        "",
                        "/?file=../../evil",
                        "/a/..%2f..%2fevil",
                        "/%2e%2e",
                        "/%2e",
                        "/a/%2Ftmp%2Fevil",
                        "/a%5c..%5cevil",
                        "/a%00b",
                        "/a%0d%0ab",
                        "/%ff%fe",
                        "/100%25",
                        "/a;b=c",
                        "/a%3Fb",
                        "/folder/",
                        "//evil",
                        "/%20",
                        "/.hidden",
                        "/" + "n".repeat(700))) {
            var name = path.length() > 100 ? "a long one" : path;
            add(
                    Case.of(
                                    Case.Verdict.ARRIVES,
                                    SIZE,
                                    "the path '" + name + "'",
                                    call -> call.send(call.right()))
                            .at(path));
        }
    }
}
