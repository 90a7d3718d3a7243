package dev.capstan.itest.stranger;

import dev.capstan.itest.stranger.Case.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Compares what the program says of its downloads, and what lies on the disk, with the cases. */
final class Judge {
    private static final Pattern LINE =
            Pattern.compile("\\{\"id\":\"[^\"]+\",\"url\":\"http://([^/\"?]+).*");

    /** A line of JSON for each link's authority. */
    private final Map<String, String> results = new HashMap<>();

    /** Takes what {@code get --json} printed; what it says later of a link counts. */
    void read(String out) {
        out.lines()
                .map(LINE::matcher)
                .filter(matcher -> matcher.matches())
                .forEach(matcher -> results.put(matcher.group(1), matcher.group()));
    }

    /** What is wrong with a case's end, if anything is. */
    Optional<String> wrong(Stranger stranger, Path folder) throws IOException {
        if (!stranger.trespasses().isEmpty()) {
            return Optional.of(stranger.trespasses().toString());
        }
        var result = results.get(stranger.authority());
        if (result == null) {
            return Optional.of("It hangs");
        }
        var files = files(folder);
        var verdict = stranger.shown().verdict();
        if (!result.contains("\"state\":\"COMPLETED\"")) {
            if (!result.contains("\"state\":\"FAILED\"") || !result.contains("\"message\":\"")) {
                return Optional.of("It failed without a word");
            }
            if (result.contains("\"class\":\"INTERNAL\"") || result.contains("Exception")) {
                return Optional.of("It failed in a way that nobody thought of");
            }
            if (!files.isEmpty()) {
                return Optional.of("It failed and left " + files);
            }
            return verdict == Verdict.ARRIVES ? Optional.of("It failed") : Optional.empty();
        }
        if (files.size() != 1) {
            return Optional.of("It arrived as " + files);
        }
        var digest = sha256(files.get(0));
        var right = Stream.of(stranger.content(), stranger.other()).map(Content::sha256);
        if (right.noneMatch(digest::equals) || !result.contains(digest)) {
            return Optional.of("It has wrong bytes, " + Files.size(files.get(0)) + " of them");
        }
        if (files.get(0).getFileName().toString().chars().anyMatch(Character::isISOControl)) {
            return Optional.of("Its name has control characters");
        }
        return verdict == Verdict.FAILS
                ? Optional.of("It arrived, although nothing proved it")
                : Optional.empty();
    }

    /** For the message of a failed test: the result, and how the requests began. */
    String evidence(Stranger stranger) {
        var log = stranger.log();
        return results.get(stranger.authority())
                + "\n"
                + String.join("\n", log.subList(0, Math.min(12, log.size())));
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var list = Files.walk(folder)) {
            return list.filter(path -> !path.equals(folder)).toList();
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
