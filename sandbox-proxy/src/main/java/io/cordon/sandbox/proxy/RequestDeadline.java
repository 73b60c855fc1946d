package io.cordon.sandbox.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection on which no request is complete in time, however many bytes trickle in. */
final class RequestDeadline extends ChannelInboundHandlerAdapter {
    private final long millis;
    private @Nullable ScheduledFuture<?> deadline;

    RequestDeadline(Duration time) {
        millis = time.toMillis();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> context.close(), millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
