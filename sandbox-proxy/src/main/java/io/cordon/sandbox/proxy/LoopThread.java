package io.cordon.sandbox.proxy;

import com.google.common.util.concurrent.Uninterruptibles;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one thread of a proxy. */
final class LoopThread implements ThreadFactory, AutoCloseable {
    private static final int CLOSE_SECONDS = 5;

    private final EventLoopGroup group = new NioEventLoopGroup(1, this);
    private volatile @Nullable Thread thread;

    EventLoopGroup group() {
        return group;
    }

    @Override
    public Thread newThread(Runnable loop) {
        Thread started = new Thread(loop, "cordon-proxy");
        started.setDaemon(true);
        thread = started;
        return started;
    }

    /** Ends the thread. The group says that it has terminated a moment before, so the thread itself is waited for. */
    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        Thread started = thread;
        if (started != null) {
            Uninterruptibles.joinUninterruptibly(started, CLOSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
