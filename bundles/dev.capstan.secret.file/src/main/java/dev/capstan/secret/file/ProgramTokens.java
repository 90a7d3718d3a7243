package dev.capstan.secret.file;

import dev.capstan.access.Scope;
import dev.capstan.access.Tokens;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The tokens of programs in one file of a {@link PrivateFolder}, a line each: name, scope, time of
 * making, SHA-256. A token is 256 random bits, so a plain digest of it tells nothing. The file is
 * read at each question, so what another process or an operator changes counts at once.
 *
 * <p>Safe for any number of threads; changes go one after another.
 */
@Component
public final class ProgramTokens implements Tokens {
    private static final System.Logger LOG = System.getLogger(ProgramTokens.class.getName());
    private static final String FILE = "programs";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int BYTES = 32;
    private static final int MOST = 256;

    private final PrivateFolder folder;

    private record Line(Entry entry, byte[] hash) {}

    /** Takes the data folder. */
    @Activate
    public ProgramTokens(BundleContext context) {
        this(DataFolder.of(context).root().resolve("tokens"));
    }

    ProgramTokens(Path directory) {
        folder = new PrivateFolder(directory);
        folder.removeLeftovers();
    }

    @Override
    public synchronized String create(String name, Scope scope) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "The name of a program is 1 to 64 letters, digits, dots, hyphens or"
                            + " underscores");
        }
        if (Scope.ofProgram(scope.word()).isEmpty()) {
            throw new IllegalArgumentException("The scope of a program is downloads or read");
        }
        var lines = new ArrayList<>(lines());
        if (lines.stream().anyMatch(line -> line.entry.name().equals(name))) {
            throw new IllegalArgumentException(
                    name + " has a token; remove it first, since it cannot be told again");
        }
        if (lines.size() >= MOST) {
            throw new IllegalArgumentException(
                    "There are " + MOST + " tokens; remove those that nobody uses");
        }
        var random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        var token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        var created = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        lines.add(new Line(new Entry(name, scope, created), hash(token)));
        write(lines);
        return token;
    }

    @Override
    public List<Entry> list() throws IOException {
        return lines().stream().map(Line::entry).sorted(Comparator.comparing(Entry::name)).toList();
    }

    @Override
    public synchronized boolean remove(String name) throws IOException {
        var lines = new ArrayList<>(lines());
        var removed = lines.removeIf(line -> line.entry.name().equals(name));
        if (removed) {
            write(lines);
        }
        return removed;
    }

    @Override
    public Optional<Scope> scope(String token) {
        try {
            var hash = hash(token);
            var found = Optional.<Scope>empty();
            for (var line : lines()) {
                // Every line is looked at, whichever it is.
                found = MessageDigest.isEqual(hash, line.hash) ? scope(line) : found;
            }
            return found;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The tokens of programs cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Scope> scope(Line line) {
        return Optional.of(line.entry.scope());
    }

    private List<Line> lines() throws IOException {
        var lines = new ArrayList<Line>();
        for (var text : folder.read(FILE).orElse("").lines().toList()) {
            var words = text.strip().split("\\s+");
            if (words.length != 4) {
                continue; // an empty line, or half a one that somebody wrote by hand
            }
            try {
                var scope = Scope.ofProgram(words[1]).orElseThrow();
                var entry = new Entry(words[0], scope, Instant.parse(words[2]));
                lines.add(new Line(entry, HexFormat.of().parseHex(words[3])));
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "A line of the tokens of programs is none: " + words[0]);
            }
        }
        return lines;
    }

    private void write(List<Line> lines) throws IOException {
        var text = new StringBuilder();
        for (var line : lines) {
            var entry = line.entry;
            text.append(entry.name()).append(' ').append(entry.scope().word()).append(' ');
            text.append(entry.created()).append(' ').append(HexFormat.of().formatHex(line.hash));
            text.append('\n');
        }
        folder.write(FILE, text.toString());
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
