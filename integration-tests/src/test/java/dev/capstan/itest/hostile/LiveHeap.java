package dev.capstan.itest.hostile;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * Watches how much of the heap is alive. What is left after an ordinary collection may still be
 * garbage, so whatever looks like too much is collected thoroughly before it is believed.
 */
final class LiveHeap implements AutoCloseable, NotificationListener {
    private final long limit;
    private final long baseline;
    private final List<String> heap =
            ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .map(MemoryPoolMXBean::getName)
                    .toList();
    private final AtomicLong most = new AtomicLong();

    LiveHeap(long limit) {
        this.limit = limit;
        System.gc();
        baseline = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector).addNotificationListener(this, null, null);
        }
    }

    /** The most that was alive more than at the start, as far as it is known. */
    long most() {
        return most.get();
    }

    @Override
    public void handleNotification(Notification notification, Object handback) {
        var info =
                GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
        var after = info.getGcInfo().getMemoryUsageAfterGc();
        var alive = -baseline;
        for (var pool : heap) {
            alive += after.containsKey(pool) ? after.get(pool).getUsed() : 0;
        }
        if (info.getGcCause().equals("System.gc()")) {
            most.accumulateAndGet(alive, Math::max);
        } else if (alive > limit) {
            System.gc();
        }
    }

    @Override
    public void close() throws ListenerNotFoundException {
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector).removeNotificationListener(this);
        }
    }
}
