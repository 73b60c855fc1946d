package io.cordon.sandbox.proxy;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.cordon.sandbox.NetworkDecision.Reason;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Asks a resolver, which may block, on threads of its own: not more of them, and not for longer, than the limits say. */
final class NameResolution implements AutoCloseable {
    private static final int KEPT_SECONDS = 5;

    private final HostResolver resolver;
    private final long timeoutMillis;
    private final ThreadPoolExecutor threads;

    NameResolution(HostResolver resolver, ProxyLimits limits) {
        this.resolver = resolver;
        this.timeoutMillis = limits.lookupTime().toMillis();
        this.threads = new ThreadPoolExecutor(
                0,
                limits.lookups(),
                KEPT_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new ThreadFactoryBuilder()
                        .setNameFormat("cordon-proxy-lookup-%d")
                        .setDaemon(true)
                        .build());
    }

    /** The addresses of a name, told on the loop; fails with a {@link Refusal}. */
    Future<List<InetAddress>> resolve(String host, EventLoop loop) {
        Promise<List<InetAddress>> promise = loop.newPromise();
        ScheduledFuture<?> timeout = loop.schedule(
                () -> promise.tryFailure(new Refusal(Reason.NAME_UNRESOLVED)), timeoutMillis, TimeUnit.MILLISECONDS);
        promise.addListener(done -> timeout.cancel(false));
        try {
            threads.execute(() -> {
                try {
                    promise.trySuccess(resolver.resolve(host));
                } catch (UnknownHostException | RuntimeException e) {
                    promise.tryFailure(new Refusal(Reason.NAME_UNRESOLVED));
                }
            });
        } catch (RejectedExecutionException e) {
            promise.tryFailure(new Refusal(Reason.OVERLOADED));
        }
        return promise;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
