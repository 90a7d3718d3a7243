import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the kernel tells of this machine and of processes. */
final class Machine {
    private static final double TICKS = 100; // USER_HZ, the same on every Linux

    private Machine() {}

    /** CPU seconds of a process so far, without its children. */
    static double cpu(long pid) throws IOException {
        return ticks(pid, 11, 12);
    }

    /** CPU seconds so far of a process's threads whose names begin so. */
    static double cpuOfThreads(long pid, String name) throws IOException {
        var sum = 0.0;
        try (var threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (var thread : threads.toList()) {
                try {
                    if (Files.readString(thread.resolve("comm")).startsWith(name)) {
                        sum += ticks(pid + "/task/" + thread.getFileName(), 11, 12);
                    }
                } catch (IOException e) {
                    // It ended.
                }
            }
        }
        return sum;
    }

    /** Most memory a process had at once since {@link #resetPeak}, in MiB. */
    static double peak(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                        .sum()
                / 1024;
    }

    static void resetPeak(long pid) throws IOException {
        Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
    }

    /** CPU seconds that all processors worked for anybody so far, or that the host took away. */
    static double busy() throws IOException {
        var fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
        // user nice system (idle iowait) irq softirq steal
        return Stream.of(1, 2, 3, 6, 7, 8).mapToLong(i -> Long.parseLong(fields[i])).sum() / TICKS;
    }

    /** CPU seconds of this process and all it ever started. */
    static double own() throws IOException {
        var sum = ticks(ProcessHandle.current().pid(), 11, 12, 13, 14);
        for (var child : ProcessHandle.current().descendants().toList()) {
            try {
                sum += ticks(child.pid(), 11, 12, 13, 14);
            } catch (IOException e) {
                // It ended, and is in its parent's sum.
            }
        }
        return sum;
    }

    private static double ticks(Object process, int... fields) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        var values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Arrays.stream(fields).mapToLong(i -> Long.parseLong(values[i])).sum() / TICKS;
    }

    static boolean has(String tool) {
        return output("command -v " + tool).length() > 0;
    }

    /** What was measured on and with. */
    static Map<String, String> facts(Path capstan) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("date", output("date -u '+%F %H:%M UTC'"));
        facts.put(
                "processor",
                output(
                        "sed -n 's/^model name.*: //p' /proc/cpuinfo | sort | uniq -c"
                                + " | sed 's/^ *\\([0-9]*\\) /\\1 x /'"));
        facts.put("memory", output("free -g | awk '/^Mem/ {print $2 \" GiB\"}'"));
        facts.put("kernel", output("uname -sr"));
        facts.put("disk", output("findmnt -no FSTYPE,SOURCE -T benchmarks"));
        facts.put("Java", Runtime.version().toString());
        facts.put("capstan", output(capstan + " version | head -1"));
        facts.put("revision", output("git describe --always --dirty --tags"));
        for (var tool : List.of("curl", "aria2c", "wget2", "axel")) {
            facts.put(tool, output(tool + " --version | head -1 | cut -c-40"));
        }
        facts.put("nginx", output("nginx -v 2>&1 | sed 's/.*: //'"));
        return facts;
    }

    static String output(String command) {
        try {
            var process = new ProcessBuilder("bash", "-c", command + " 2>/dev/null").start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes()).strip();
            process.waitFor();
            return text;
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
