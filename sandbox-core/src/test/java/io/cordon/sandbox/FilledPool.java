package io.cordon.sandbox;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;

/** The common pool when all of its threads wait, as any application can make them do. */
final class FilledPool {
    private FilledPool() {}

    static void during(TestBody body) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < 2 * ForkJoinPool.getCommonPoolParallelism(); i++) {
            ForkJoinPool.commonPool().execute(() -> HeldStream.awaitQuietly(release));
        }
        try {
            body.run();
        } finally {
            release.countDown();
        }
    }
}
