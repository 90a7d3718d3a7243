package dev.capstan.download.provider;

import java.util.ArrayList;
import dev.capstan.download.Command;
import dev.capstan.download.BatchRef;
import org.junit.jupiter.api.Test;

class TmpBenchTest extends HouseTest {
    @Test
    void adds() throws Exception {
        house.configure(1);
        house.engine.serve("held", House.body("held", 1000));
        house.engine.on("held", ScriptedEngine.Leg::hold);
        house.add("acme://held");
        for (var round = 0; round < 4; round++) {
            var r = round;
            var requests = House.names("acme://bulk" + r + "-", 20_000).stream().map(House::request).toList();
            var begun = System.nanoTime();
            house.add(requests);
            System.out.printf("BENCH bulk 20000: %.0f/s%n", 20_000 / ((System.nanoTime() - begun) / 1e9));
            var threads = new ArrayList<Thread>();
            begun = System.nanoTime();
            for (var c = 0; c < 16; c++) {
                var caller = c;
                var t = new Thread(() -> {
                    for (var i = 0; i < 250; i++) {
                        house.add("acme://one" + r + "-" + caller + "-" + i);
                    }
                });
                threads.add(t);
                t.start();
            }
            for (var t : threads) t.join();
            System.out.printf("BENCH 16 callers: %.0f/s%n", 4000 / ((System.nanoTime() - begun) / 1e9));
        }
        var batch = new BatchRef("01JGFJJZ00000000000000BTCH", "b");
        house.add(House.names("acme://batch", 5_000).stream().map(l -> House.request(l).batch(batch)).toList());
        var begun = System.nanoTime();
        House.get(house.downloads.commandBatch(batch.id(), Command.PAUSE));
        System.out.printf("BENCH pause batch of 5000: %.2f s%n", (System.nanoTime() - begun) / 1e9);
        begun = System.nanoTime();
        for (var i = 0; i < 1000; i++) house.downloads.list(dev.capstan.download.DownloadQuery.ALL);
        System.out.printf("BENCH page of 50 of 100k: %.2f ms%n", (System.nanoTime() - begun) / 1e9);
        house.restart();
        begun = System.nanoTime();
        house.stop(); house.engine.comeBack();
        System.out.printf("BENCH stop: %.2f s%n", (System.nanoTime() - begun) / 1e9);
        begun = System.nanoTime();
        house.start();
        Await.until(() -> house.host.calls().size() > 1);
        System.out.printf("BENCH start with 100k until first claim runs: %.2f s%n", (System.nanoTime() - begun) / 1e9);
    }
}
