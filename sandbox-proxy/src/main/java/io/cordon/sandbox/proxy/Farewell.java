package io.cordon.sandbox.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection that was refused: what the child still sends is dropped for a moment. If it were left unread,
 * closing would reset the connection, and the child would not get to read the reason (RFC 9112, 9.6).
 */
final class Farewell extends ChannelInboundHandlerAdapter {
    private static final int SECONDS = 2;

    private Farewell() {}

    static void say(Channel channel, Object lastWords) {
        channel.writeAndFlush(lastWords).addListener(written -> {
            if (!written.isSuccess() || ((DuplexChannel) channel).isInputShutdown()) {
                channel.close();
                return;
            }
            ((DuplexChannel) channel).shutdownOutput();
            channel.pipeline().addLast(new Farewell());
            channel.config().setAutoRead(true);
            channel.eventLoop().schedule(() -> channel.close(), SECONDS, TimeUnit.SECONDS);
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
