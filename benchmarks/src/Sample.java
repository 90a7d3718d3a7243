import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one run of one contender took.
 *
 * @param wall seconds
 * @param cpu CPU seconds of the contender
 * @param peak most memory, in MiB
 * @param foreign processors that were busy with something else meanwhile, on average
 * @param more what only some benchmarks measure, by the name of its column
 */
record Sample(double wall, double cpu, double peak, double foreign, Map<String, Double> more) {
    Sample(double wall, double cpu, double peak) {
        this(wall, cpu, peak, 0, Map.of());
    }

    Sample withForeign(double value) {
        return new Sample(wall, cpu, peak, value, more);
    }

    Sample with(String column, double value) {
        var all = new LinkedHashMap<>(more);
        all.put(column, value);
        return new Sample(wall, cpu, peak, foreign, all);
    }
}
