package io.cordon.sandbox.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * Hands on what one side says to the other. It reads on when the other side has taken what was read before, so that
 * never more than one read is held in memory.
 */
final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel other;
    private boolean saidAll;

    private Relay(Channel other) {
        this.other = other;
    }

    /** Connects two channels that do not read by themselves. */
    static void between(Channel one, Channel other) {
        one.pipeline().addLast(new Relay(other));
        other.pipeline().addLast(new Relay(one));
        one.read();
        other.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        other.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            if (saidAll) {
                return; // nothing more comes, and the other side's output is closed by then
            }
            if (written.isSuccess()) {
                context.read();
            } else {
                context.close();
            }
        });
    }

    /** One side has said all; the other one may go on. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            saidAll = true;
            other.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(written -> ((DuplexChannel) other)
                            .shutdownOutput()
                            .addListener(shut -> {
                                if (((DuplexChannel) other).isInputShutdown()) {
                                    other.close();
                                    context.close();
                                }
                            }));
        } else if (event instanceof IdleStateEvent) {
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closeAfterFlush(other);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** Closes a channel when what was written to it before is sent. */
    static void closeAfterFlush(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
}
