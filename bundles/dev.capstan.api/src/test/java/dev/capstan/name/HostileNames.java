package dev.capstan.name;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Names that somebody might send, each with the file name that is made of it. */
final class HostileNames {
    private static final String A200 = "a".repeat(200);
    private static final String FAMILY = "👩‍👩‍👧";

    private HostileNames() {}

    static Stream<Arguments> all() {
        return Stream.of(
                        harmless(),
                        traversal(),
                        absolute(),
                        devices(),
                        edges(),
                        invisible(),
                        forbidden(),
                        long_(),
                        ours(),
                        nothing())
                .flatMap(names -> names);
    }

    private static Stream<Arguments> harmless() {
        return Stream.of(
                arguments("debian-12.iso", "debian-12.iso"),
                arguments("Fate／stay night．mkv", "Fate／stay night．mkv"),
                arguments("100%25 legal.txt", "100%25 legal.txt"),
                arguments("50% off.txt", "50% off.txt"),
                arguments("name with  two spaces.txt", "name with  two spaces.txt"),
                arguments("Привет, мир.txt", "Привет, мир.txt"),
                arguments("日本語.tar.gz", "日本語.tar.gz"),
                arguments("❤️.gif", "❤️.gif"),
                arguments("-rf", "-rf"),
                arguments("~", "~"));
    }

    private static Stream<Arguments> traversal() {
        return Stream.of(
                arguments("../../etc/passwd", "passwd"),
                arguments("..\\..\\windows\\win.ini", "win.ini"),
                arguments("a/..", "_"),
                arguments("a\\..", "_"),
                arguments("%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"),
                arguments("..%2Fetc%2Fpasswd", "passwd"),
                arguments("..%5cboot.ini", "boot.ini"),
                arguments("%2e%2e", "_"),
                arguments("%2E", "_"),
                arguments("..%252fetc%252fpasswd", "passwd"),
                arguments("%25252e%25252e%25252fpasswd", "passwd"),
                arguments("..%c0%afetc%c0%afpasswd", "passwd"),
                arguments("%c0%ae%c0%ae%c0%afpasswd", "passwd"),
                arguments("..%C1%9Cboot.ini", "boot.ini"),
                arguments("..%e0%80%afpasswd", "passwd"),
                arguments("%e0%80%ae%e0%80%ae", "_"),
                arguments("..%25c0%25afpasswd", "passwd"),
                arguments("..%u002fpasswd", "passwd"),
                arguments("..%u005cboot.ini", "boot.ini"),
                arguments("....//....//etc/passwd", "passwd"),
                arguments("..;/etc/passwd", "passwd"),
                arguments(".\u200B./.\u200B./passwd", "passwd"),
                arguments(".\u200B.", "_"),
                arguments("%2\u200Be%2e%2fpasswd", "passwd"),
                arguments("%2%00f", "%2_f"));
    }

    private static Stream<Arguments> absolute() {
        return Stream.of(
                arguments("/etc/passwd", "passwd"),
                arguments("//server/share/file.txt", "file.txt"),
                arguments("\\\\server\\share\\file.txt", "file.txt"),
                arguments("\\\\?\\C:\\file.txt", "file.txt"),
                arguments("\\\\.\\PhysicalDrive0", "PhysicalDrive0"),
                arguments("C:\\autoexec.bat", "autoexec.bat"),
                arguments("C:autoexec.bat", "C_autoexec.bat"),
                arguments("file.txt:hidden", "file.txt_hidden"),
                arguments("file.txt::$DATA", "file.txt__$DATA"),
                arguments("file:///etc/passwd", "passwd"),
                arguments("http://host/a?b", "a_b"));
    }

    private static Stream<Arguments> devices() {
        return Stream.of(
                arguments("CON", "_CON"),
                arguments("con", "_con"),
                arguments("PRN.txt", "_PRN.txt"),
                arguments("AUX.tar.gz", "_AUX.tar.gz"),
                arguments("nul .txt", "_nul .txt"),
                arguments("NUL.", "_NUL"),
                arguments("COM0", "_COM0"),
                arguments("com1", "_com1"),
                arguments("LPT9.tar.gz", "_LPT9.tar.gz"),
                arguments("COM¹", "_COM¹"),
                arguments("lpt³.log", "_lpt³.log"),
                arguments("CONIN$", "_CONIN$"),
                arguments("CONOUT$.txt", "_CONOUT$.txt"),
                arguments("CLOC\u212A$", "_CLOCK$"),
                arguments("C\u200BON", "_CON"),
                arguments(".con", "_con"),
                arguments("CON" + " ".repeat(300) + "x", "_CON"),
                arguments("console.log", "console.log"),
                arguments("COM10", "COM10"),
                arguments("nullable", "nullable"));
    }

    private static Stream<Arguments> edges() {
        return Stream.of(
                arguments("name.", "name"),
                arguments("name...", "name"),
                arguments("name. . .", "name"),
                arguments("name.txt   ", "name.txt"),
                arguments("  name.txt", "name.txt"),
                arguments("\u00A0name.txt\u3000", "name.txt"),
                arguments(".bashrc", "bashrc"),
                arguments("...bashrc", "bashrc"),
                arguments(". .bashrc", "bashrc"),
                arguments("%2ebash_profile", "bash_profile"));
    }

    private static Stream<Arguments> invisible() {
        return Stream.of(
                arguments("a\u0000b.txt", "ab.txt"),
                arguments("a.txt\u0000.jpg", "a.txt.jpg"),
                arguments("a.txt%00.jpg", "a.txt_.jpg"),
                arguments("a%2500.txt", "a_.txt"),
                arguments("a%c0%80.txt", "a_.txt"),
                arguments("a\r\nSet-Cookie b.txt", "a  Set-Cookie b.txt"),
                arguments("a%0d%0ab.txt", "a__b.txt"),
                arguments("tab\tname.txt", "tab name.txt"),
                arguments("bell\u0007.txt", "bell.txt"),
                arguments("esc\u001B[31m.txt", "esc[31m.txt"),
                arguments("del\u007F.txt", "del.txt"),
                arguments("c1\u0085\u009B.txt", "c1.txt"),
                arguments("line\u2028\u2029.txt", "line  .txt"),
                arguments("photo\u202Egpj.exe", "photogpj.exe"),
                arguments("\u2066isolate\u2069.txt", "isolate.txt"),
                arguments("\u200Emark\u200F\u061C.txt", "mark.txt"),
                arguments("zero\u200B\u200C\u200D\u2060\uFEFF.txt", "zero.txt"),
                arguments("soft\u00ADhyphen.txt", "softhyphen.txt"),
                arguments("tag\uDB40\uDC41.txt", "tag.txt"),
                arguments("high\uD83D.txt", "high_.txt"),
                arguments("low\uDE00.txt", "low_.txt"),
                arguments("\uDE00\uD83D", "__"),
                arguments("non\uFFFE\uFDD0.txt", "non__.txt"),
                arguments("e\u0301.txt", "\u00E9.txt"),
                arguments("e\u200B\u0301.txt", "\u00E9.txt"));
    }

    private static Stream<Arguments> forbidden() {
        return Stream.of(
                arguments("a<b>c:d\"e|f?g*h", "a_b_c_d_e_f_g_h"),
                arguments("what?.mkv", "what_.mkv"),
                arguments("*.*", "_._"));
    }

    private static Stream<Arguments> long_() {
        return Stream.of(
                arguments("a".repeat(256), "a".repeat(255)),
                arguments("a".repeat(300) + ".tar.gz", "a".repeat(248) + ".tar.gz"),
                arguments(A200 + ".e" + A200, A200 + ".e" + "a".repeat(53)),
                arguments("é".repeat(200) + ".mp3", "é".repeat(125) + ".mp3"),
                arguments("日".repeat(100), "日".repeat(85)),
                arguments("😀".repeat(100) + ".txt", "😀".repeat(62) + ".txt"),
                arguments("a" + "q\u0323".repeat(100), "a" + "q\u0323".repeat(84)),
                arguments("a".repeat(254) + FAMILY, "a".repeat(254)),
                arguments("a".repeat(249) + " ".repeat(20) + "x", "a".repeat(249)),
                arguments("a" + "\u0333".repeat(300), "a" + "\u0333".repeat(127)),
                arguments("CON." + "a".repeat(300), "_CON." + "a".repeat(250)));
    }

    private static Stream<Arguments> ours() {
        return Stream.of(
                arguments(".capstan-1.part", "capstan-1.part"),
                arguments("%2ecapstan-1.part", "capstan-1.part"),
                arguments(".\u200BCapstan-1.part", "Capstan-1.part"));
    }

    private static Stream<Arguments> nothing() {
        return Stream.of(
                        "", " ", ".", "..", "...", ". .", "/", "\\", "a/", "\u0000", "\u202E", "\t")
                .map(name -> arguments(name, "_"));
    }
}
